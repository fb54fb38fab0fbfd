// How does the keyboard move between pages, and does the navigation stay narrow?
const SEQUENCE_MS = 900;
let waitingSince = 0;

export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function goTo(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  if (!link) return false;
  link.click();
  return true;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "g") {
    waitingSince = event.timeStamp;
  } else if (waitingSince && event.timeStamp - waitingSince < SEQUENCE_MS) {
    waitingSince = 0;
    if (goTo(event.key)) event.preventDefault();
  } else if (event.key === "c") {
    const create = document.querySelector("[data-create]");
    if (create) {
      event.preventDefault();
      create.click();
    }
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  }
}

function toggleNarrow() {
  const narrow = document.documentElement.dataset.nav === "narrow";
  document.documentElement.dataset.nav = narrow ? "wide" : "narrow";
  document.cookie = `koers-nav=${narrow ? "wide" : "narrow"};path=/;max-age=31536000;samesite=lax`;
}

export function startNavigation() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-narrow]")) toggleNarrow();
  });
}
