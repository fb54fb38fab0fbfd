// How is a chart drawn from plain data? One builder per kind; colours come from the page's tokens.
import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { optionsFor } from "./chart_options.js";
import { readTokens } from "./chart_theme.js";

use([
  BarChart,
  CanvasRenderer,
  CustomChart,
  DatasetComponent,
  FunnelChart,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  SankeyChart,
  ScatterChart,
  TooltipComponent,
  VisualMapComponent,
]);

const drawn = new Map();

export function draw(figure) {
  const source = document.getElementById(figure.dataset.chart);
  const canvas = figure.querySelector(".chart-canvas");
  if (!source || !canvas || drawn.has(figure)) return;
  const data = JSON.parse(source.textContent);
  const chart = init(canvas, null, { renderer: "canvas" });
  chart.setOption(optionsFor(data, readTokens(), document.documentElement.lang));
  chart.on("click", (point) => {
    const url = point.data?.url;
    if (!url) return;
    if (data.panel) document.dispatchEvent(new CustomEvent("koers:panel", { detail: { url } }));
    else window.location.assign(url);
  });
  new ResizeObserver(() => chart.resize()).observe(canvas);
  figure.querySelector("[data-chart-export]")?.addEventListener("click", () => save(chart, figure));
  drawn.set(figure, { chart, data });
}

function save(chart, figure) {
  const background = getComputedStyle(document.documentElement).getPropertyValue("background-color");
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: background });
  link.download = `${figure.dataset.chartName || "chart"}.png`;
  link.click();
}

function redraw() {
  for (const [figure, { chart, data }] of drawn) {
    if (!figure.isConnected) {
      chart.dispose();
      drawn.delete(figure);
    } else {
      chart.setOption(optionsFor(data, readTokens(), document.documentElement.lang), true);
    }
  }
}

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
