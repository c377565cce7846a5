// Draws the tables of the page: each row a bar as wide as its time. What is drawn is read from the tables alone.
import { chart } from "./plot.js";

const numbers = (row) => ({
  start: Number(row.dataset.start),
  end: Number(row.dataset.end),
  height: Number(row.dataset.height),
  top: row.dataset.top === undefined ? null : Number(row.dataset.top),
  mean: row.dataset.mean === undefined ? null : Number(row.dataset.mean),
  series: row.dataset.series,
  isShared: "shared" in row.dataset,
  isPart: "part" in row.dataset,
  row,
});

const rowsOf = (id) => [...(document.getElementById(id)?.tBodies[0].rows ?? [])].map(numbers);

const highest = (bars) => Math.max(0, ...bars.flatMap((bar) => [bar.height, bar.top ?? 0, bar.mean ?? 0]));

/** Of one figure: the bars that are its own, and the times in which its series is counted together with others. */
function share(figure, bars) {
  if ("shared" in figure.dataset) return { own: bars.filter((bar) => bar.isShared), within: [] };
  const series = figure.dataset.series ?? "";
  return {
    own: bars.filter((bar) => !bar.isShared && bar.series === series),
    within: bars.filter((bar) => bar.isShared && bar.series.split(";").includes(series)),
  };
}

function drawAll(box) {
  const bars = rowsOf(box.dataset.of);
  const compared = box.dataset.compared ? rowsOf(box.dataset.compared) : [];
  const figures = [...box.querySelectorAll("figure")].map((figure) => {
    const { own, within } = share(figure, bars);
    return { figure, own, within, versus: share(figure, compared).own };
  });
  const rows = document.querySelector('[data-charts="rows"]');
  const onAxis = box.dataset.charts === "histogram" ? { ...ends(bars), zone: null } : axis(rows);
  box.hidden = false; // before drawing: what is hidden has no width
  for (const one of figures) {
    const group = one.figure.dataset.group;
    const alike = figures.filter((other) => other.figure.dataset.group === group);
    chart(one.figure, {
      ...onAxis,
      ...one,
      kind: box.dataset.charts,
      highest: highest(alike.flatMap((other) => [...other.own, ...other.versus])),
      redrawn: box.dataset.charts === "rows" ? (box.dataset.redrawn ?? "").split(" ").filter(Boolean).map(Number) : [],
      keys: rows.dataset.keys,
      versusWord: rows.dataset.versus,
      isTall: figures.length === 1 && box.dataset.charts !== "histogram",
    });
  }
}

const ends = (bars) => ({ from: Math.min(...bars.map((bar) => bar.start)), to: Math.max(...bars.map((bar) => bar.end)) });
const axis = ({ dataset }) => ({ from: Number(dataset.from), to: Number(dataset.to), zone: dataset.zone });

/** On paper all tables are open and everything is light. */
function printable() {
  const button = document.getElementById("print");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  const root = document.documentElement;
  let before = { closed: [], theme: "" };
  window.addEventListener("beforeprint", () => {
    before = { closed: [...document.querySelectorAll("details:not([open])")], theme: root.dataset.theme };
    before.closed.forEach((one) => (one.open = true));
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    before.closed.forEach((one) => (one.open = false));
    root.dataset.theme = before.theme;
  });
}

document.querySelectorAll("details.behind").forEach((one) => (one.open = false));
document.querySelectorAll("[data-charts]").forEach(drawAll);
printable();
document.documentElement.dataset.charts = "ready";
