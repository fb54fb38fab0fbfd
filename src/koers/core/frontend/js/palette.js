// What can the command palette do? Go to pages, start something new, find records.
import { isTyping } from "./navigation.js";

const PAUSE_MS = 160;
let timer = 0;
let latest = 0;

function parts() {
  const dialog = document.getElementById("palette");
  return {
    dialog,
    input: dialog.querySelector("input"),
    list: dialog.querySelector("[role='listbox']"),
    pages: [...dialog.querySelectorAll("[data-palette-pages] [role='option']")],
    records: dialog.querySelector("[data-palette-records]"),
    nothing: dialog.querySelector("[data-palette-nothing]"),
  };
}

function shown(dialog) {
  return [...dialog.querySelectorAll("[role='option']")].filter((option) => !option.closest("[hidden]"));
}

function activate(option) {
  const { dialog, input } = parts();
  dialog.querySelectorAll(".is-active").forEach((old) => {
    old.classList.remove("is-active");
    old.setAttribute("aria-selected", "false");
  });
  if (!option) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  option.classList.add("is-active");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function filterPages(query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  parts().pages.forEach((option) => {
    const text = fold(option.textContent);
    option.hidden = !words.every((word) => text.includes(word));
  });
  document.querySelectorAll("#palette [data-palette-pages]").forEach((group) => {
    group.hidden = !group.querySelector("[role='option']:not([hidden])");
  });
}

async function findRecords(query) {
  const { dialog, records } = parts();
  const address = dialog.dataset.search;
  const number = ++latest;
  if (!address || query.trim().length < 2) {
    records.replaceChildren();
    return;
  }
  const answer = await fetch(`${address}?q=${encodeURIComponent(query)}`, {
    headers: { "HX-Request": "true", Accept: "text/html" },
  });
  if (!answer.ok || number !== latest) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  records.replaceChildren(...page.body.childNodes);
}

function refresh() {
  const { dialog, nothing } = parts();
  dialog.querySelectorAll("[role='option']").forEach((option, index) => {
    option.id = `palette-option-${index}`;
  });
  const options = shown(dialog);
  nothing.hidden = options.length > 0;
  activate(options[0]);
}

function onInput(event) {
  filterPages(event.target.value);
  refresh();
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await findRecords(event.target.value);
    refresh();
  }, PAUSE_MS);
}

function onKey(event) {
  const { dialog } = parts();
  const options = shown(dialog);
  const index = options.findIndex((option) => option.classList.contains("is-active"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    event.preventDefault();
    activate(options[(index + step + options.length) % options.length]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    dialog.close();
  } else if (event.key === "Enter" && options[index]) {
    event.preventDefault();
    options[index].click();
  }
}

function openPalette() {
  const { dialog, input, records } = parts();
  if (dialog.open) return;
  input.value = "";
  records.replaceChildren();
  filterPages("");
  dialog.showModal();
  refresh();
  input.focus();
}

export function startPalette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  dialog.querySelector("input").addEventListener("input", onInput);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[role='option']")) dialog.close();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (opener) {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event.target);
    if (command || (slash && !document.querySelector("dialog[open]"))) {
      event.preventDefault();
      openPalette();
    }
  });
}
