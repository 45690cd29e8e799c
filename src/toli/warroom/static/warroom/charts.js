"use strict";
/* Bars and tiles of the board. The table says the same in words; a touch leads down to the unit. */
(() => {
  const INK = "#21303a", SOFT = "#52616b", MAIN = "#0f5c66", GAP = "#e6d9c6";
  const font = getComputedStyle(document.body).fontFamily;
  const shade = (share) => (share === null ? "#c9c3b6" : share >= 90 ? "#0f5c66" : share >= 70 ? "#4d8a86" : share >= 40 ? "#b98a2c" : "#a4502f");

  const bars = (rows, box) => ({
    grid: { left: 8, right: 56, top: 34, bottom: 8, containLabel: true },
    legend: { top: 0, left: 8, textStyle: { color: INK, fontFamily: font } },
    xAxis: { type: "value", axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: "#ebe7de" } } },
    yAxis: { type: "category", inverse: true, data: rows.map((r) => r.name), axisLabel: { color: INK, fontFamily: font, fontSize: 14 }, axisTick: { show: false } },
    series: [
      { name: box.dataset.labelAccepted, type: "bar", stack: "all", barMaxWidth: 26, color: MAIN, data: rows.map((r) => r.accepted) },
      { name: box.dataset.labelMissing, type: "bar", stack: "all", color: GAP, data: rows.map((r) => r.missing),
        label: { show: true, position: "right", color: INK, fontFamily: font, formatter: (p) => (rows[p.dataIndex].share === null ? "" : `${rows[p.dataIndex].share} %  ${rows[p.dataIndex].grade}`) } },
    ],
  });

  const tiles = (rows) => ({
    series: [{
      type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0,
      label: { fontFamily: font, fontSize: 15, color: "#fff", formatter: (p) => `${p.name}\n${p.data.share === null ? "–" : `${p.data.share} %`} ${p.data.grade}` },
      itemStyle: { borderColor: "#f7f5f1", borderWidth: 2, gapWidth: 2 },
      data: rows.filter((r) => r.norm > 0).map((r) => ({ ...r, value: r.norm, itemStyle: { color: shade(r.share) } })),
    }],
  });

  const draw = () => {
    const box = document.querySelector("[data-chart]");
    if (!box || !window.echarts || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const rows = JSON.parse(document.getElementById(box.dataset.chartSource).textContent);
    const bare = box.dataset.chart === "bars";
    if (bare) box.style.height = `${Math.max(220, rows.length * 34 + 60)}px`;
    const chart = window.echarts.init(box);
    chart.setOption({ animation: false, textStyle: { fontFamily: font }, ...(bare ? bars(rows, box) : tiles(rows)) });
    chart.on("click", (p) => {
      const row = bare ? rows[p.dataIndex] : p.data;
      if (row?.url) location.assign(row.url);
    });
    addEventListener("resize", () => chart.resize());
  };
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSettle", draw);
})();
