// What happens to a report that is saved without a connection? It waits in this browser and is sent later.
// Each carries the key the server gave its form, so that sending it twice stores it once.
const STORE = "koers-outbox";

function read() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

function write(entries) {
  localStorage.setItem(STORE, JSON.stringify(entries));
}

function toast(text, bad) {
  document.dispatchEvent(new CustomEvent("koers:toast", { detail: { text, bad } }));
}

function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const key = form.elements.key?.value;
  const others = read().filter((entry) => entry.key !== key);
  const entry = { key, user: form.dataset.offline, url: form.action.split("#")[0], fields, why: "" };
  write([...others, entry]);
  toast(form.dataset.offlineWords);
  form.reset();
  if (form.elements.key) form.elements.key.value = crypto.randomUUID?.().replaceAll("-", "") ?? String(Date.now() + Math.random());
  show();
}

function title(entry) {
  const values = Object.fromEntries(entry.fields);
  return [values.company, values.subject, values.day].filter(Boolean).join(" · ");
}

function show() {
  const region = document.querySelector("[data-outbox]");
  if (!region) return;
  const own = read().filter((entry) => entry.user === region.dataset.outbox);
  region.hidden = own.length === 0;
  const list = region.querySelector("ul");
  list.replaceChildren();
  for (const entry of own) {
    const row = region.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-what]").textContent = title(entry);
    row.querySelector("[data-why]").textContent = entry.why;
    row.querySelector("[data-outbox-drop]").addEventListener("click", () => {
      write(read().filter((each) => each.key !== entry.key));
      show();
    });
    list.append(row);
  }
}

function reasons(errors) {
  return Object.values(errors ?? {}).flat().join(" ");
}

async function sendOne(entry) {
  const token = document.querySelector("meta[name='csrf-token']")?.content ?? "";
  const body = new URLSearchParams(entry.fields);
  const headers = { "X-CSRFToken": token, "X-Koers-Background": "1" };
  const answer = await fetch(entry.url, { method: "POST", body, headers, redirect: "manual" });
  if (answer.ok) return { sent: true };
  const found = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  return { sent: false, why: reasons(found.errors) || String(answer.status) };
}

let sending = false;

async function send() {
  const region = document.querySelector("[data-outbox]");
  if (!region || sending || !navigator.onLine) return;
  sending = true;
  let sent = 0;
  try {
    for (const entry of read().filter((each) => each.user === region.dataset.outbox)) {
      const result = await sendOne(entry);
      const others = read().filter((each) => each.key !== entry.key);
      write(result.sent ? others : [...others, { ...entry, why: result.why }]);
      if (result.sent) sent += 1;
    }
  } catch {
    // The connection went away again; what is left stays for the next time.
  } finally {
    sending = false;
  }
  if (sent > 0) toast(region.dataset.sent);
  show();
}

export function startOutbox() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form[data-offline]") || navigator.onLine) return;
      event.preventDefault();
      keep(form);
    },
  );
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-outbox-send]")) send();
  });
  window.addEventListener("online", send);
  show();
  send();
}
