// What does a small button do? Its words appear on pointing and on focus.
const DELAY_MS = 350;
let timer = 0;
let shownFor = null;

function hide() {
  clearTimeout(timer);
  document.getElementById("tooltip")?.hidePopover?.();
  shownFor = null;
}

function show(target) {
  const tip = document.getElementById("tooltip");
  if (!tip || !target.isConnected) return;
  tip.textContent = target.dataset.tip;
  tip.showPopover();
  const anchor = target.getBoundingClientRect();
  const left = anchor.left + anchor.width / 2 - tip.offsetWidth / 2;
  const below = anchor.bottom + 6;
  const top = below + tip.offsetHeight > window.innerHeight ? anchor.top - tip.offsetHeight - 6 : below;
  tip.style.left = `${Math.min(Math.max(8, left), window.innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${top}px`;
  shownFor = target;
}

export function startTooltips() {
  if (!document.getElementById("tooltip")) return;
  const soon = (event) => {
    const target = event.target.closest?.("[data-tip]");
    if (!target || target === shownFor) return;
    hide();
    timer = setTimeout(() => show(target), DELAY_MS);
  };
  document.addEventListener("pointerover", soon);
  document.addEventListener("focusin", soon);
  document.addEventListener("pointerout", (event) => {
    if (event.target.closest?.("[data-tip]")) hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("click", hide);
}
