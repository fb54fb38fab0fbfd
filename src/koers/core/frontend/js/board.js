// How does a card go to another column? By dragging, by its menu, or by Shift and an arrow key.
import Sortable from "sortablejs";

function toast(text) {
  document.dispatchEvent(new CustomEvent("koers:toast", { detail: { text, bad: true } }));
}

async function move(board, card, stage) {
  const token = document.querySelector("meta[name='csrf-token']")?.content ?? "";
  const headers = { "X-CSRFToken": token, "X-Koers-Background": "1" };
  try {
    const answer = await fetch(card.dataset.dropUrl, { method: "POST", body: new URLSearchParams({ stage }), headers });
    if (answer.status === 422) {
      window.location.assign(await answer.text());
      return;
    }
    if (!answer.ok) toast(board.dataset.failed);
  } catch {
    toast(board.dataset.failed);
  }
  board.dispatchEvent(new CustomEvent("koers:moved"));
}

function columnOf(element) {
  return element.closest("[data-stage]");
}

function start(board) {
  if (!board || !board.hasAttribute("data-may-move") || board.dataset.started) return;
  board.dataset.started = "yes";
  for (const list of board.querySelectorAll("[data-column]")) {
    Sortable.create(list, {
      group: "stages",
      sort: false,
      draggable: "[data-card]",
      filter: "button, form",
      preventOnFilter: false,
      delay: 180,
      delayOnTouchOnly: true,
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      ghostClass: "is-ghost",
      onEnd: (event) => {
        if (event.from !== event.to) move(board, event.item, columnOf(event.to).dataset.stage);
      },
    });
  }
}

let moved = "";

document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const card = event.target.closest?.("[data-card]");
  const board = card?.closest("[data-may-move]");
  if (!step || !event.shiftKey || !board) return;
  const columns = [...board.querySelectorAll("[data-stage]")];
  const next = columns[columns.indexOf(columnOf(card)) + step];
  if (!next) return;
  event.preventDefault();
  moved = card.dataset.dropUrl;
  move(board, card, next.dataset.stage);
});

document.addEventListener("htmx:load", (event) => {
  const board = event.detail.elt.closest?.("[data-board]") ?? document.querySelector("[data-board]");
  start(board);
  if (moved && board) {
    board.querySelector(`[data-drop-url="${CSS.escape(moved)}"] a`)?.focus();
    moved = "";
  }
});

start(document.querySelector("[data-board]"));
