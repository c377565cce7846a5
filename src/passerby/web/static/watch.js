// Shows a film being counted, as told over a socket twice a second at most.

import { Marks, SIZE } from "./marks.js";
import { Stage, drawPlace, html, sign, svg } from "./stage.js";
import { Tally } from "./tally.js";

const STALE_MS = 5000; // what is older than this is "no data", never the last value
const RETRY_MS = [500, 1000, 2000, 5000];
const STATES = {
  connecting: "Connecting",
  waiting: "Waiting for the first picture",
  counting: "Counting",
  done: "Finished",
  nodata: "No data",
};

const find = (id) => document.getElementById(id);
const stage = new Stage(find("stage"), draw);
const placeLayer = svg("g");
stage.front.append(placeLayer);
const marks = new Marks(stage);

let scene = null;
let live = null;
let heardAt = 0;
let plate = 0;
let pace; // as last told; undefined before
let state = "";
let tallies = [];
const known = new Set(); // classes that the legend names

// ---- what is drawn -------------------------------------------------------------------------------------------

function draw() {
  if (!scene) return;
  placeLayer.replaceChildren(...scene.places.map((place) => drawPlace(stage, place)));
  marks.clear();
  marks.show(state === "nodata" ? [] : (live?.glyphs ?? []));
}

// ---- what is written -----------------------------------------------------------------------------------------

function openScene() {
  stage.open(scene.aspect);
  tallies = scene.places.map((place, index) => new Tally(place, (lit) => placeLayer.children[index]?.classList.toggle("lit", lit)));
  const nothing = html("p", { className: "help", textContent: "There is no line and no zone, so nothing is counted." });
  find("tables").replaceChildren(...(tallies.length ? tallies.map((t) => t.root) : [nothing]));
  find("note").textContent = scene.note;
  find("note").hidden = !scene.note;
  for (const kind of ["line", "zone"]) find(`help-${kind}`).hidden = !scene.places.some((p) => p.kind === kind);
}

/** `fresh` is false where the last numbers of "inside now" have become too old to show. */
function write(fresh) {
  find("clock").textContent = live.clock;
  const progress = find("progress");
  if (live.done) progress.value = 1;
  else if (live.duration_s) progress.value = Math.min(1, live.clock_s / live.duration_s);
  else progress.removeAttribute("value");
  find("reached").textContent = reached();
  find("rate").textContent = live.rate === null ? "" : `${live.rate.toLocaleString()}× the film's own pace`;
  for (const tally of tallies) tally.show(live.counts[tally.name] ?? {}, fresh ? (live.inside[tally.name] ?? {}) : null);
  find("warning").textContent = live.note;
  find("warning").hidden = !live.note;
  writeLegend();
}

function reached() {
  if (live.done) return live.note ? `${span(live.clock_s)} counted` : "Counted to the end";
  return live.duration_s ? `${span(live.clock_s)} of ${span(live.duration_s)}` : `${span(live.clock_s)} counted`;
}

function span(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const minutes = String(Math.floor(s / 60) % 60).padStart(s < 3600 ? 1 : 2, "0");
  return `${s < 3600 ? "" : `${Math.floor(s / 3600)}:`}${minutes}:${String(s % 60).padStart(2, "0")}`;
}

function writeLegend() {
  const seen = live.glyphs.map(([label]) => label).filter((label) => !known.has(label));
  if (!seen.length) return;
  for (const label of seen) known.add(label);
  const items = Object.keys(SIZE).filter((label) => known.has(label));
  find("legend").replaceChildren(...items.map((label) => html("li", {}, sign(label), label)));
}

/** Show and, only when it changes, say in what state the count is. */
function enter(next) {
  if (next === state) return;
  state = next;
  find("state").dataset.state = next;
  find("state-text").textContent = STATES[next];
  find("tables").classList.toggle("old", next === "nodata");
  const veil = find("veil");
  veil.hidden = next !== "nodata" && next !== "waiting";
  veil.textContent = next === "nodata" ? `No data${live ? ` since ${live.clock}` : ""}` : STATES[next];
  find("news").textContent = next === "done" ? `Finished. ${tallies.map((t) => t.sentence()).join(" ")}` : STATES[next];
  document.title = `${STATES[next]}: ${scene.title} · passerby`;
  if (next === "nodata") marks.show([]);
}

function lose() {
  enter("nodata");
  if (live) write(false);
}

// ---- what is heard -------------------------------------------------------------------------------------------

function hear({ data }) {
  const told = JSON.parse(data);
  heardAt = performance.now();
  if (told.plate !== plate) {
    plate = told.plate;
    stage.showPicture(plate ? `plate.png?${plate}` : null);
  }
  if (told.pace !== pace) {
    pace = told.pace;
    for (const choice of find("pace").querySelectorAll("input")) choice.checked = choice.value === String(pace ?? "max");
  }
  if (!told.live) return enter("waiting");
  live = told.live;
  write(true);
  enter(live.done ? "done" : "counting");
  marks.show(live.glyphs);
}

function connect(attempt = 0) {
  const address = new URL("live", location.href);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  let tries = attempt;
  socket.addEventListener("open", () => (tries = 0));
  socket.addEventListener("message", hear);
  socket.addEventListener("close", () => {
    if (state !== "done") lose();
    setTimeout(connect, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)], tries + 1);
  });
  find("pace").onchange = ({ target }) => socket.readyState === WebSocket.OPEN && socket.send(target.value);
}

setInterval(() => {
  if (state === "counting" && performance.now() - heardAt > STALE_MS) {
    lose();
  }
}, 500);

scene = await (await fetch("scene.json")).json();
openScene();
enter("connecting");
connect();
