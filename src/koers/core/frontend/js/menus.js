// Where does a menu open, and how do arrow keys walk it? Native popovers, placed beside their button.
const GAP = 4;

function place(menu, button) {
  const anchor = button.getBoundingClientRect();
  const width = menu.offsetWidth;
  const height = menu.offsetHeight;
  const alignEnd = anchor.left + width > window.innerWidth - 8;
  const left = alignEnd ? anchor.right - width : anchor.left;
  const below = anchor.bottom + GAP;
  const fits = below + height < window.innerHeight - 8;
  const top = fits ? below : Math.max(8, anchor.top - GAP - height);
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${top}px`;
}

function walk(event) {
  const menu = event.target.closest("[popover].menu-list");
  if (!menu) return;
  const items = [...menu.querySelectorAll("a, button, input, select")].filter((item) => !item.disabled);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || items.length === 0) return;
  event.preventDefault();
  const index = items.indexOf(document.activeElement);
  items[(index + step + items.length) % items.length].focus();
}

export function startMenus() {
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!menu.matches?.("[popover].menu-list")) return;
      const button = document.querySelector(`[popovertarget="${menu.id}"]`);
      const opened = event.newState === "open";
      button?.setAttribute("aria-expanded", String(opened));
      if (opened && button) {
        place(menu, button);
        menu.querySelector("a, button, input, select")?.focus();
      }
    },
    true,
  );
  document.addEventListener("keydown", walk);
  window.addEventListener("resize", () => {
    document.querySelectorAll("[popover].menu-list:popover-open").forEach((menu) => menu.hidePopover());
  });
}
