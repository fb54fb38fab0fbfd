// Which colours has the page now? Canvas knows no CSS, so each token is resolved once.
const NAMES = [
  "series-1", "series-2", "series-3", "series-4", "series-5", "series-6",
  "ink", "ink-2", "ink-3", "line", "line-strong", "surface", "surface-raised", "accent-soft", "accent", "bad", "good",
];

export function readTokens() {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const tokens = { font: getComputedStyle(document.body).fontFamily };
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    tokens[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  tokens.series = NAMES.slice(0, 6).map((name) => tokens[name]);
  return tokens;
}
