// How long does a message stay? Six seconds, unless it offers to undo, tells of an error or is pointed at.
const STAY_MS = 6000;

function schedule(toast) {
  if (toast.dataset.timed || toast.hasAttribute("data-stay")) return;
  toast.dataset.timed = "yes";
  let timer = setTimeout(() => toast.remove(), STAY_MS);
  const hold = () => clearTimeout(timer);
  const release = () => {
    timer = setTimeout(() => toast.remove(), STAY_MS);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

function show(text, bad) {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-text]").textContent = text;
  if (bad) toast.classList.add("toast-bad");
  region.append(toast);
}

export function startToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  const look = () => region.querySelectorAll(".toast").forEach(schedule);
  new MutationObserver(look).observe(region, { childList: true });
  look();
  document.addEventListener("click", (event) => {
    event.target.closest("[data-close-toast]")?.closest(".toast")?.remove();
  });
  document.addEventListener("koers:toast", (event) => show(event.detail.text ?? event.detail.value, event.detail.bad));
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.target.matches("datalist")) show(region.dataset.offline, true);
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) show(region.dataset.failed, true);
  });
}
