// Which ECharts options belong to plain data {kind, labels, series, format, …}?

function writer(data, language, compact) {
  const base = { maximumFractionDigits: data.digits ?? (compact ? 1 : 2) };
  if (compact) base.notation = "compact";
  if (data.format === "share") Object.assign(base, { style: "percent", notation: "standard" });
  const money = data.format === "money" && data.currency;
  if (money && compact) Object.assign(base, { style: "currency", currency: data.currency });
  if (money && !compact) {
    Object.assign(base, {
      style: "currency",
      currency: data.currency,
      minimumFractionDigits: data.digits ?? 2,
    });
  }
  const format = new Intl.NumberFormat(language, base);
  return (value) => (value === null || value === undefined ? "–" : format.format(Number(value)));
}

function common(data, tokens, language) {
  const write = writer(data, language, false);
  return {
    color: tokens.series,
    animationDuration: 250,
    textStyle: { fontFamily: tokens.font, fontSize: 12, color: tokens["ink-2"] },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: tokens["surface-raised"],
      borderColor: tokens["line-strong"],
      borderWidth: 1,
      padding: [8, 10],
      textStyle: { color: tokens.ink, fontFamily: tokens.font, fontSize: 12 },
      valueFormatter: write,
    },
    legend: {
      show: data.series?.length > 1,
      top: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 10,
      itemHeight: 10,
      itemGap: 16,
      textStyle: { color: tokens["ink-2"], fontSize: 12 },
    },
  };
}

function axes(data, tokens, language) {
  const short = writer(data, language, true);
  const category = {
    type: "category",
    data: data.labels,
    boundaryGap: data.kind !== "line",
    axisTick: { show: false },
    axisLine: { lineStyle: { color: tokens["line-strong"] } },
    axisLabel: { color: tokens["ink-3"], hideOverlap: true, width: 130, overflow: "truncate" },
  };
  const value = {
    type: "value",
    splitNumber: 4,
    axisLabel: { color: tokens["ink-3"], formatter: short },
    splitLine: { lineStyle: { color: tokens.line } },
    ...(data.stacked && data.format === "share" ? { max: 1, interval: 0.25 } : {}),
  };
  const top = data.series.length > 1 ? 34 : 10;
  const grid = { left: 4, right: 12, top, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" };
  return data.horizontal
    ? { grid, xAxis: value, yAxis: { ...category, inverse: true } }
    : { grid, xAxis: category, yAxis: value };
}

function points(series) {
  return series.values.map((value, index) => ({ value, url: series.urls?.[index] }));
}

function lines(data, tokens) {
  return data.series.map((series, index) => ({
    name: series.name,
    type: "line",
    data: points(series),
    symbol: "circle",
    symbolSize: 6,
    showSymbol: data.labels.length <= 24,
    lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
    areaStyle: data.area && index === 0 ? { color: tokens["accent-soft"], opacity: 0.6 } : undefined,
    stack: data.stacked ? "all" : undefined,
  }));
}

function bars(data) {
  return data.series.map((series) => ({
    name: series.name,
    type: series.kind === "line" ? "line" : "bar",
    data: points(series),
    barMaxWidth: 32,
    barGap: "12%",
    stack: data.stacked && series.kind !== "line" ? "all" : undefined,
    itemStyle: { borderRadius: data.stacked ? 0 : 2 },
  }));
}

function cartesian(data, tokens, language) {
  const options = { ...common(data, tokens, language), ...axes(data, tokens, language) };
  options.tooltip.trigger = "axis";
  options.tooltip.axisPointer = { type: data.kind === "line" ? "line" : "shadow" };
  options.series = data.kind === "line" ? lines(data, tokens) : bars(data);
  return options;
}

function sankey(data, tokens, language) {
  const options = common(data, tokens, language);
  options.tooltip.trigger = "item";
  options.series = [
    {
      type: "sankey",
      left: 4,
      right: 110,
      top: 8,
      bottom: 8,
      nodeWidth: 12,
      nodeGap: 12,
      draggable: false,
      data: data.nodes.map((node, index) => ({
        ...node,
        itemStyle: { color: tokens.series[index % tokens.series.length] },
      })),
      links: data.links,
      label: { color: tokens["ink-2"], fontSize: 12, formatter: (node) => node.data.label ?? node.name },
      lineStyle: { color: "source", opacity: 0.28, curveness: 0.5 },
      emphasis: { focus: "adjacency" },
    },
  ];
  return options;
}

function heatmap(data, tokens, language) {
  const write = writer(data, language, true);
  const options = common(data, tokens, language);
  const values = data.cells.map((cell) => Number(cell.value)).filter(Number.isFinite);
  const axis = { type: "category", axisTick: { show: false }, axisLine: { show: false } };
  const axisLabel = { color: tokens["ink-2"] };
  options.tooltip.trigger = "item";
  options.grid = { left: 12, right: 8, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" };
  const long = data.columns.some((column) => String(column).length > 12) && data.columns.length > 4;
  const slanted = { ...axisLabel, rotate: 35, width: 130, overflow: "truncate", interval: 0 };
  options.xAxis = { ...axis, data: data.columns, axisLabel: long ? slanted : axisLabel };
  options.yAxis = { ...axis, data: data.rows, inverse: true, axisLabel };
  options.visualMap = {
    show: false,
    min: data.min ?? Math.min(0, ...values),
    max: data.max ?? Math.max(1, ...values),
    inRange: { color: [tokens["accent-soft"], tokens["series-1"]] },
  };
  const half = (options.visualMap.max + options.visualMap.min) / 2;
  options.series = [
    {
      type: "heatmap",
      data: data.cells.map((cell) => ({
        value: [cell.column, cell.row, cell.value],
        url: cell.url,
        label: { color: Number(cell.value) > half ? tokens.surface : tokens.ink },
      })),
      label: { show: data.show_values ?? true, formatter: (point) => write(point.value[2]) },
      itemStyle: { borderColor: tokens.surface, borderWidth: 2, borderRadius: 3 },
    },
  ];
  return options;
}

function funnel(data, tokens, language) {
  const write = writer(data, language, false);
  const options = common(data, tokens, language);
  options.legend.show = false;
  options.tooltip.trigger = "item";
  options.series = [
    {
      type: "funnel",
      left: 4,
      right: "35%",
      top: 4,
      bottom: 4,
      sort: "none",
      gap: 2,
      minSize: "12%",
      label: { position: "right", color: tokens["ink-2"], formatter: (part) => `${part.name}  ${write(part.value)}` },
      labelLine: { lineStyle: { color: tokens["line-strong"] } },
      data: data.labels.map((name, index) => ({
        name,
        value: data.series[0].values[index],
        url: data.series[0].urls?.[index],
      })),
    },
  ];
  return options;
}

// Dots or, where points have a size, bubbles whose area follows it.
function scatter(data, tokens, language) {
  const options = { ...common(data, tokens, language) };
  const across = writer({ ...data, format: data.x_format ?? "number", digits: null }, language, true);
  const up = writer(data, language, true);
  const axis = { type: "value", scale: true, splitLine: { lineStyle: { color: tokens.line } } };
  const label = (formatter) => ({ color: tokens["ink-3"], formatter, hideOverlap: true });
  const named = (name, formatter) => ({ ...axis, axisLabel: label(formatter), name, nameTextStyle: { color: tokens["ink-3"] } });
  const sizes = data.series.flatMap((series) => series.points.map((point) => point.size ?? 0));
  const largest = Math.max(...sizes, 0);
  const radius = (point) => (largest ? 6 + 26 * Math.sqrt(Math.max(point.size ?? 0, 0) / largest) : 9);
  options.tooltip.trigger = "item";
  options.tooltip.formatter = (point) => `${point.data.name}\n${data.x_label}: ${across(point.value[0])}\n${data.y_label}: ${up(point.value[1])}`;
  options.grid = { left: 12, right: 20, top: 56, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "all" };
  options.xAxis = { ...named(data.x_label, across), nameLocation: "middle", nameGap: 28 };
  // Shares that hardly differ would otherwise fill the whole axis with one and the same label.
  if (data.x_format === "share") Object.assign(options.xAxis, { min: ({ min }) => Math.floor(Math.min(min, 0.5) * 10) / 10, max: 1 });
  options.yAxis = { ...named(data.y_label, up), type: data.y_log ? "log" : "value", nameLocation: "end", nameTextStyle: { color: tokens["ink-3"], align: "left" } };
  options.series = data.series.map((series) => ({
    name: series.name,
    type: "scatter",
    itemStyle: { opacity: 0.72 },
    data: series.points.map((point) => ({ value: [point.x, point.y], name: point.name, url: point.url, symbolSize: radius(point) })),
  }));
  return options;
}

// Levels from zero and changes between them, top to bottom; a thin line leads from bar to bar.
function waterfall(data, tokens, language) {
  const [write, short] = [writer(data, language, false), writer(data, language, true)];
  const fill = { level: tokens["series-1"], rise: tokens.good, fall: tokens.bad };
  const shaped = { ...data, kind: "bar", series: [], horizontal: true };
  const options = { ...common(data, tokens, language), ...axes(shaped, tokens, language) };
  options.grid.right = 76;
  options.xAxis.show = false;
  options.yAxis.axisLabel = { ...options.yAxis.axisLabel, hideOverlap: false };
  options.tooltip.trigger = "item";
  options.tooltip.formatter = (point) => `${data.labels[point.dataIndex]}  ${write(data.bars[point.dataIndex].value)}`;
  options.series = [
    {
      type: "custom",
      data: data.bars.map((bar, index) => ({ value: [bar.start, bar.end, index], url: bar.url })),
      encode: { x: [0, 1], y: 2 },
      renderItem: (params, api) => waterfallBar(data.bars, params.dataIndex, api, { fill, short, tokens }),
    },
  ];
  return options;
}

function waterfallBar(bars, index, api, { fill, short, tokens }) {
  const bar = bars[index];
  const [start, middle] = api.coord([bar.start, index]);
  const [end] = api.coord([bar.end, index]);
  const band = api.size([0, 1])[1];
  const height = Math.min(24, band * 0.68);
  const left = Math.min(start, end);
  const width = Math.max(1, Math.abs(end - start));
  const text = (bar.tone === "rise" && bar.value > 0 ? "+" : "") + short(bar.value);
  const children = [
    { type: "rect", shape: { x: left, y: middle - height / 2, width, height, r: 2 }, style: { fill: fill[bar.tone] } },
    { type: "text", style: { text, x: left + width + 6, y: middle, verticalAlign: "middle", fill: tokens["ink-2"], font: `12px ${tokens.font}` } },
  ];
  if (index + 1 < bars.length) {
    const line = { x1: end, x2: end, y1: middle + height / 2, y2: middle + band - height / 2 };
    children.push({ type: "line", shape: line, style: { stroke: tokens["line-strong"] }, silent: true });
  }
  return { type: "group", children };
}

const BUILDERS = { line: cartesian, bar: cartesian, sankey, heatmap, funnel, scatter, waterfall };

export function optionsFor(data, tokens, language) {
  const build = BUILDERS[data.kind];
  if (!build) throw new Error(`Unknown kind of chart: ${data.kind}`);
  return build(data, tokens, language);
}
