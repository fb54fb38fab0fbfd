// What do forms do by themselves: send on change, save by Ctrl+S, warn before work is lost?

function onChange(event) {
  const form = event.target.closest("form[data-auto-submit]");
  if (form && !event.target.matches("[type='search'], [type='text']")) form.requestSubmit();
}

function onKey(event) {
  const save = (event.ctrlKey || event.metaKey) && (event.key === "s" || event.key === "Enter");
  if (!save) return;
  const form = document.activeElement?.closest("form") ?? document.querySelector("form[data-guard]");
  if (!form || form.method === "dialog") return;
  event.preventDefault();
  form.requestSubmit();
}

function guard() {
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("submit", () => {
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && document.querySelector("form[data-guard]")) event.preventDefault();
  });
}

// A slider without a name of its own moves the field beside it, and follows what is typed there.
function onSlide(event) {
  const slider = event.target.closest?.("input[type='range'][data-slides]");
  if (slider) {
    const field = document.getElementById(slider.dataset.slides);
    const comma = document.documentElement.lang.startsWith("nl");
    field.value = comma ? slider.value.replace(".", ",") : slider.value;
    return;
  }
  const follower = event.target.id && document.querySelector(`input[data-slides="${CSS.escape(event.target.id)}"]`);
  if (!follower) return;
  const text = document.documentElement.lang.startsWith("nl")
    ? event.target.value.replaceAll(".", "").replace(",", ".")
    : event.target.value.replaceAll(",", "");
  if (text !== "" && Number.isFinite(Number(text))) follower.value = text;
}

export function startForms() {
  document.addEventListener("input", onSlide, true);
  document.addEventListener("change", onChange);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(document.getElementById(copy.dataset.copy)?.textContent.trim() ?? "");
  });
  guard();
}
