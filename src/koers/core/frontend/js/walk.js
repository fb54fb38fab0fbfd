// How does one go from record to record in the order of the list one came from, its filter kept?
// The list is remembered in this tab when a row is opened; at its edge the next page is fetched.
import { isTyping } from "./navigation.js";

const STORE = "koers-walk";

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "null");
  } catch {
    return null;
  }
}

function pathOf(href) {
  const url = new URL(href, window.location.href);
  return url.origin === window.location.origin ? url.pathname + url.search : "";
}

// What a list page, shown or fetched, says of its rows and of the pages beside it.
function listOf(page, address) {
  const list = page.querySelector("main [data-list]");
  const rows = [...(list?.querySelectorAll("tbody tr[data-href]") ?? [])].map((row) => pathOf(row.dataset.href));
  const pager = list?.querySelector(".pager");
  const beside = (name) => {
    const link = pager?.querySelector(`[rel='${name}']`);
    return link ? pathOf(link.getAttribute("href")) : "";
  };
  return {
    rows,
    address: pathOf(address),
    title: page.querySelector("main h1")?.textContent.trim() ?? "",
    first: Number(pager?.dataset.first ?? 1),
    total: pager?.dataset.total ?? "",
    prev: beside("prev"),
    next: beside("next"),
  };
}

function remember(event) {
  const row = event.target.closest?.("main [data-list] tbody tr[data-href]");
  if (!row || event.target.closest("button, input, label, select, .pick")) return;
  sessionStorage.setItem(STORE, JSON.stringify(listOf(document, window.location.href)));
}

function place(walk) {
  return walk?.rows.indexOf(window.location.pathname + window.location.search) ?? -1;
}

// The page of the list before or after, and its nearest row; the list itself where it cannot be read.
async function over(walk, side) {
  const answer = await fetch(walk[side], { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = answer.ok ? listOf(page, walk[side]) : { rows: [] };
  if (found.rows.length === 0) {
    window.location.assign(walk[side]);
    return;
  }
  sessionStorage.setItem(STORE, JSON.stringify(found));
  window.location.assign(found.rows.at(side === "next" ? 0 : -1));
}

function point(link, walk, side) {
  const index = place(walk) + (side === "next" ? 1 : -1);
  const href = walk.rows[index] ?? walk[side];
  link.hidden = !href;
  if (href) link.href = href;
  link.toggleAttribute("data-walk-over", Boolean(href) && !walk.rows[index]);
}

function show() {
  const bar = document.getElementById("walk");
  const walk = read();
  if (!bar || place(walk) < 0) return;
  const back = bar.querySelector("[data-walk-list]");
  back.href = walk.address;
  const number = (walk.first + place(walk)).toLocaleString(document.documentElement.lang);
  back.textContent = bar.dataset.words.replace("#", number).replace("#", walk.total || String(walk.rows.length));
  back.ariaLabel = `${walk.title}: ${back.textContent}`;
  for (const side of ["prev", "next"]) point(bar.querySelector(`[rel='${side}']`), walk, side);
  bar.hidden = false;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const side = { n: "next", p: "prev" }[event.key];
  if (!side || document.querySelector("dialog[open]")) return;
  const link = document.querySelector(`#walk:not([hidden]) [rel='${side}']:not([hidden])`);
  if (link) {
    event.preventDefault();
    link.click();
  }
}

export function startWalk() {
  document.addEventListener("click", remember, true);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#walk [data-walk-over]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    over(read(), link.rel);
  });
  window.addEventListener("pageshow", show);
}
