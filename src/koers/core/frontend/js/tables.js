// How do lists answer to the keyboard and the mouse: j, k, Enter, x, and rows to pick?
import { isTyping } from "./navigation.js";

const rowsOf = () => [...document.querySelectorAll("main .table tbody tr[data-href]")];

function setCurrent(row) {
  document.querySelectorAll("tr.is-current").forEach((old) => old.classList.remove("is-current"));
  row.classList.add("is-current");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("a")?.focus({ preventScroll: true });
}

function follow(row, newTab) {
  const link = row.querySelector("a.row-link") ?? row.querySelector("a");
  if (newTab) window.open(row.dataset.href, "_blank", "noopener");
  else if (link) link.click();
  else window.location.assign(row.dataset.href);
}

function move(step) {
  const rows = rowsOf();
  if (rows.length === 0) return;
  const index = rows.findIndex((row) => row.classList.contains("is-current"));
  const next = index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step));
  setCurrent(rows[next]);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const current = document.querySelector("tr.is-current");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x" && current) current.querySelector(".pick input")?.click();
  else if (event.key === "Enter" && current && event.target === document.body) follow(current, false);
  else return;
  event.preventDefault();
}

function onClick(event) {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.defaultPrevented || window.getSelection()?.toString()) return;
  if (event.target.closest("a, button, input, label, select, summary, .pick")) return;
  follow(row, event.ctrlKey || event.metaKey);
}

const boxesOf = (list) => [...list.querySelectorAll("tbody .pick input")];

// Picked rows of this page, or every row of the filter once the visitor asks for those.
function countPicked(list) {
  const boxes = boxesOf(list);
  const picked = boxes.filter((box) => box.checked).length;
  const whole = picked > 0 && picked === boxes.length;
  const bar = list.querySelector(".bulk-bar");
  if (bar) {
    const field = bar.querySelector("[data-every-field]");
    const offer = bar.querySelector("[data-pick-every]");
    if (field && !whole) field.value = "";
    const every = Boolean(field?.value);
    bar.hidden = picked === 0;
    if (offer) offer.hidden = !whole || every || Number(bar.dataset.total) <= boxes.length;
    const count = bar.querySelector("[data-picked]");
    const words = every ? count?.dataset.everyWords : count?.dataset.words;
    if (count) count.textContent = (words ?? "#").replace("#", String(picked));
  }
  const all = list.querySelector("[data-pick-all]");
  if (all) {
    all.checked = whole;
    all.indeterminate = picked > 0 && !whole;
  }
}

function pickEvery(button) {
  const bar = button.closest(".bulk-bar");
  bar.querySelector("[data-every-field]").value = "1";
  countPicked(button.closest("[data-list]"));
  bar.querySelector("select")?.focus();
}

function onChange(event) {
  const list = event.target.closest("[data-list]");
  if (!list || !event.target.matches(".pick input")) return;
  if (event.target.matches("[data-pick-all]")) {
    boxesOf(list).forEach((box) => {
      box.checked = event.target.checked;
    });
  }
  countPicked(list);
}

export function startTables() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("click", (event) => {
    const every = event.target.closest("[data-pick-every]");
    if (every) pickEvery(every);
  });
  // Going back in the browser may bring ticks back without a change event.
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-list]").forEach(countPicked));
  document.addEventListener("click", (event) => {
    const list = event.target.closest("[data-unpick]")?.closest("[data-list]");
    if (!list) return;
    list.querySelectorAll(".pick input").forEach((box) => {
      box.checked = false;
    });
    countPicked(list);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target?.closest?.("[data-list]")?.classList.add("is-loading");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target?.closest?.("[data-list]")?.classList.remove("is-loading");
  });
}
