"use strict";
/* Bars of the board. The table says the same in words; a touch leads down to the unit. */
(() => {
  const INK = "#21303a", SOFT = "#52616b", MAIN = "#0f5c66", GAP = "#e6d9c6";
  const font = getComputedStyle(document.body).fontFamily;

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

  const draw = () => {
    const box = document.querySelector("[data-chart]");
    if (!box || !window.echarts || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const rows = JSON.parse(document.getElementById(box.dataset.chartSource).textContent);
    box.style.height = `${Math.max(220, rows.length * 34 + 60)}px`;
    const chart = window.echarts.init(box);
    chart.setOption({ animation: false, textStyle: { fontFamily: font }, ...bars(rows, box) });
    chart.on("click", (p) => {
      const row = rows[p.dataIndex];
      if (row) location.assign(row.url);
    });
    addEventListener("resize", () => chart.resize());
  };
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSettle", draw);
})();
