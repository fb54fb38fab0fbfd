// How do the side panel, dialogs and confirmations open and close?

function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

function closeOnBackdrop(event) {
  if (event.target instanceof HTMLDialogElement && event.target.hasAttribute("data-light")) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
}

function ask(question, proceed, label) {
  const dialog = document.getElementById("confirm");
  const yes = dialog.querySelector("[data-yes]");
  dialog.querySelector("[data-question]").textContent = question;
  yes.textContent = label || yes.dataset.label;
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue === "yes") proceed();
    },
    { once: true },
  );
  open(dialog);
}

function confirmForms() {
  document.addEventListener("submit", (event) => {
    const source = event.submitter?.dataset.confirm ? event.submitter : event.target;
    const question = source.dataset.confirm;
    if (!question || source.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(
      question,
      () => {
        source.dataset.confirmed = "yes";
        event.target.requestSubmit(event.submitter ?? undefined);
        delete source.dataset.confirmed;
      },
      source.dataset.confirmLabel,
    );
  }, true);
}

export function startDialogs(htmx) {
  document.addEventListener("click", (event) => {
    closeOnBackdrop(event);
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) open(document.getElementById(opener.dataset.openDialog));
    const closer = event.target.closest("[data-close-dialog]");
    if (closer) closer.closest("dialog")?.close();
    const panelLink = event.target.closest("[data-panel]");
    if (panelLink && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      showInPanel(htmx, panelLink.dataset.panel || panelLink.getAttribute("href"));
    }
  });
  document.addEventListener("koers:panel", (event) => showInPanel(htmx, event.detail.url));
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, () => event.detail.issueRequest(true), event.detail.elt.dataset.confirmLabel);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "dialog-body") open(document.getElementById("dialog"));
  });
  confirmForms();
  document.querySelectorAll("dialog[data-open]").forEach(open);
}

function showInPanel(htmx, url) {
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  const waiting = document.getElementById("panel-waiting");
  body.replaceChildren(waiting.content.cloneNode(true));
  open(panel);
  htmx.ajax("GET", url, { target: "#panel-body", swap: "innerHTML", headers: { "X-Koers-Panel": "1" } });
}
