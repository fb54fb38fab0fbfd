// What does the browser get? Bundles scripts and styles, and draws the icon sprite, into static/vendor.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src/koers/core/frontend");
const target = join(root, "src/koers/core/static/vendor");
const icons = join(root, "node_modules/@tabler/icons/icons/outline");

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

await build({
  entryPoints: {
    koers: join(source, "js/koers.js"),
    charts: join(source, "js/charts.js"),
    board: join(source, "js/board.js"),
  },
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  legalComments: "linked",
  logLevel: "warning",
});

await build({
  entryPoints: { koers: join(source, "css/koers.css") },
  outdir: target,
  bundle: true,
  minify: true,
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  target: ["chrome123", "firefox120", "safari17.5"],
  logLevel: "warning",
});

const shapes = /<(path|circle|rect|line|polyline|ellipse)\b[^>]*\/>/g;
const symbols = readFileSync(join(source, "icons.txt"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((name) => {
    const drawing = readFileSync(join(icons, `${name}.svg`), "utf8").match(shapes).join("");
    const shape = drawing.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shape}</symbol>`;
  });
writeFileSync(
  join(target, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
);
