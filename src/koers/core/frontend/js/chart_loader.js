// When is the chart library fetched? Only when a page, or a fragment, holds a chart.
let loading = null;

function drawWithin(element) {
  const charts = element.querySelectorAll("[data-chart]");
  if (charts.length === 0) return;
  const address = document.querySelector("meta[name='koers-charts']");
  if (!address) return;
  loading ??= import(address.content);
  loading.then((library) => charts.forEach((chart) => library.draw(chart)));
}

export function startCharts() {
  drawWithin(document);
  document.addEventListener("htmx:load", (event) => drawWithin(event.detail.elt.parentElement ?? document));
}
