"use strict";
/* The map of the board: a shade and a pattern for each unit, a touch leads down. The list beside it says the same. */
(() => {
  const INK = "#21303a";
  const font = getComputedStyle(document.body).fontFamily;
  const LOOK = {
    90: { areaColor: "#0f5c66" },
    70: { areaColor: "#2f6664", decal: { symbol: "circle", symbolSize: 0.5, dashArrayX: [[0, 9], [4.5, 4.5]], dashArrayY: [5, 4], color: "rgba(255,255,255,.55)" } },
    40: { areaColor: "#745709", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 7], rotation: Math.PI / 4, color: "rgba(255,255,255,.5)" } },
    0: { areaColor: "#8f3c1b", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,.55)" } },
    none: { areaColor: "#e6e1d6" },
  };

  const option = (rows, narrow) => {
    const row = new Map(rows.map((one) => [one.ref, one]));
    const words = (ref) => {
      const one = row.get(ref);
      if (!one) return "";
      const figure = `${one.share === null ? "\u2013" : `${one.share} %`} ${one.grade}`;
      return narrow ? figure : `${one.name}\n${figure}`;
    };
    const label = {
      show: true, formatter: (p) => words(p.name), color: INK, fontFamily: font, fontSize: narrow ? 10 : 12, lineHeight: narrow ? 12 : 15,
      backgroundColor: "rgba(255,255,255,.86)", padding: [1, 3], borderRadius: 3,
    };
    return {
      animation: false,
      series: [{
        type: "map", map: "units", roam: false, selectedMode: false, aspectScale: 0.9, left: 4, right: 4, top: 4, bottom: 4,
        label, labelLayout: { hideOverlap: true },
        itemStyle: { borderColor: "#fff", borderWidth: 1.2, areaColor: "#f0ede7" },
        emphasis: { label: { ...label, fontWeight: 600 }, itemStyle: { borderColor: INK, borderWidth: 2.5 } },
        data: rows.map((one) => ({ name: one.ref, value: one.share, itemStyle: LOOK[one.step], emphasis: { itemStyle: LOOK[one.step] } })),
      }],
    };
  };

  const draw = async () => {
    const box = document.querySelector("[data-map]");
    if (!box || !window.echarts) return;
    const rows = JSON.parse(document.getElementById(box.dataset.mapSource).textContent);
    const answer = await fetch(box.dataset.shapes, { credentials: "same-origin" });
    if (!answer.ok) return;
    window.echarts.registerMap("units", await answer.json());
    const chart = window.echarts.init(box);
    const show = () => chart.setOption(option(rows, box.clientWidth < 520));
    show();
    box.dataset.drawn = "1";
    const place = new Map(rows.map((one, nth) => [one.ref, nth]));
    chart.on("click", (p) => {
      const one = rows[place.get(p.name)];
      if (one) location.assign(one.url);
    });
    addEventListener("resize", () => {
      chart.resize();
      show();
    });
    for (const link of document.querySelectorAll("[data-area]")) {
      const point = (type) => chart.dispatchAction({ type, seriesIndex: 0, dataIndex: place.get(link.dataset.area) });
      for (const sign of ["focus", "mouseenter"]) link.addEventListener(sign, () => point("highlight"));
      for (const sign of ["blur", "mouseleave"]) link.addEventListener(sign, () => point("downplay"));
    }
  };
  document.addEventListener("DOMContentLoaded", draw);
})();
