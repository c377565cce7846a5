// The page of a camera: the empty place, its lines and zones, and the marks and values of this moment.

import { Marks, SIZE } from "../marks.js";
import { Stage, drawPlace, html, sign, svg } from "../stage.js";
import { Alarms } from "./alarms.js";
import { listen } from "./live.js";
import { Traces } from "./traces.js";
import { Values } from "./values.js";
import { kindOf, say, setChip, write } from "./words.js";

const USUAL = 16 / 9; // the shape of a picture that has not come yet
const find = (id) => document.getElementById(id);
const scene = JSON.parse(find("stage").dataset.scene);
const address = `${document.body.dataset.root}/cameras/${encodeURIComponent(scene.name)}`;
const stage = new Stage(find("stage"), draw);
const placeLayer = svg("g");
const traces = new Traces(stage);
stage.front.append(placeLayer);
const marks = new Marks(stage);
const values = find("values") && new Values(find("values"));
const alarms = new Alarms(find("alarms"));
let shown = []; // marks as [label, x, y]
let plate = null; // number of the picture that is shown
const known = new Set(); // classes that the legend names

function draw() {
  placeLayer.replaceChildren(...scene.places.map((place) => drawPlace(stage, place)));
  traces.draw();
  marks.clear();
  marks.show(shown);
}

/** The picture of the empty place, where there is one that this visitor may see; another one is fetched. */
function showPlate(told) {
  const [number, isStale] = (scene.sees_plate && told) || [null, false];
  if (number !== plate) stage.showPicture(number === null ? null : `${address}/plate.png?${number}`);
  plate = number;
  find("stage-box").classList.toggle("stale-plate", isStale);
  write(find("plate-note"), say(number === null ? `plate-${told ? "hidden" : "none"}` : `plate-${isStale ? "stale" : "approved"}`));
  if (number !== null) traces.forget();
}

function showMarks(now) {
  const [columns, rows] = now.grid ?? [1, 1];
  shown = (now.glyphs ?? []).map(([label, column, row]) => [label, (column + 0.5) / columns, (row + 0.5) / rows]);
  marks.show(shown);
  if (plate === null) traces.add(shown);
  const counts = new Map();
  for (const [label] of shown) counts.set(label, (counts.get(label) ?? 0) + 1);
  showTable(now.glyphs && counts);
  showLegend(counts);
}

function showLegend(counts) {
  const before = known.size;
  for (const label of counts.keys()) known.add(label);
  if (known.size === before) return;
  const labels = Object.keys(SIZE).filter((label) => known.has(label));
  find("legend").replaceChildren(...labels.map((label) => html("li", {}, sign(label), say(`class-${label}`))));
}

/** The same in a table, a row a class. */
function showTable(counts) {
  if (!find("marks")) return;
  find("marks").hidden = !counts;
  const labels = Object.keys(SIZE).filter((label) => counts?.get(label));
  const row = (label) => html("tr", {}, html("th", { scope: "row" }, html("span", { className: "kind" }, sign(label), say(`class-${label}`))), html("td", { className: "n", textContent: counts.get(label) }));
  const nothing = html("tr", {}, html("td", { colSpan: 2, className: "soft", textContent: say("none") }));
  find("marks-rows").replaceChildren(...(labels.length ? labels.map(row) : [nothing]));
}

/** What the places hold; null where there is no data. */
function showValues(told) {
  if (!values) return;
  if (told) values.show(told);
  else values.lose();
  find("values-empty").hidden = find("values").children.length > 0;
  write(find("values-empty"), say(told ? "values-none" : "no-data"));
}

/** What stands over the picture where there is nothing to show in it; nothing where all is well. */
function veil(key) {
  find("veil").hidden = !key || scene.live === "off";
  write(find("veil"), key ? say(key) : "");
}

function hear({ cameras, alarms: firing }) {
  const now = cameras[scene.name];
  if (!now || now.drawn !== scene.drawn || now.live !== scene.live || hasOtherShape(now)) renew();
  if (!now) return lose();
  setChip(find("state").firstElementChild, kindOf(`state-${now.state}`), say(`state-${now.state}`));
  find("reason").hidden = !now.reason_key;
  write(find("reason").querySelector(".why"), say(`reason-${now.reason_key}`));
  write(find("reason").querySelector(".todo"), say(`todo-${now.reason_key}`));
  showPlate(now.plate);
  showMarks(now);
  showValues(now.condition === "ok" ? now.values : null);
  veil(now.condition === "ok" ? "" : `veil-${now.condition}`);
  alarms.show(firing);
}

function lose() {
  shown = [];
  marks.show(shown);
  showTable(null);
  showValues(null);
  alarms.lose();
  veil("veil-nodata");
}

const hasOtherShape = ({ aspect }) => aspect !== null && Math.abs(aspect - (scene.aspect ?? 0)) > 0.01;

let leaving = -Infinity; // when somebody last began to go to another page
addEventListener("beforeunload", () => (leaving = performance.now()));

/** What the page was written for has changed: it is read again, but not again and again, and keeps nobody who leaves. */
function renew() {
  const now = performance.now();
  if (now > 5000 && now - leaving > 10_000) location.reload();
}

for (const row of document.querySelectorAll("[data-place]")) {
  const light = (on) => () => {
    placeLayer.children[Number(row.dataset.place)]?.classList.toggle("lit", on);
    row.classList.toggle("pointed", on);
  };
  row.addEventListener("pointerenter", light(true));
  row.addEventListener("pointerleave", light(false));
  row.addEventListener("focusin", light(true));
  row.addEventListener("focusout", light(false));
}

stage.open(scene.aspect ?? USUAL);
showPlate(scene.plate);
veil("veil-connecting");
listen(`/cameras/${encodeURIComponent(scene.name)}/live`, { hear, lose });
