// One zone in big figures: how many are inside, how dense it is, where that goes, and the zone's alarm.

import { listen } from "./live.js";
import { Beeper } from "./beeper.js";
import { Trend, level } from "./trend.js";
import { amount, kindOf, say, write } from "./words.js";

const FIRST = ["inside", "people", "queue"]; // the big number is the first of these that is told
const ARROWS = { rising: "↗", steady: "→", falling: "↘", wait: "" };
const find = (id) => document.getElementById(id);
const { camera, place, areas, live, safety } = find("steward").dataset;
const bounds = safety.split(" ").map(Number);
const trend = new Trend();
const beeper = new Beeper(find("sound"));
const hasValues = live !== "off";

function showAmount(values) {
  const [, quantity, band, number] = FIRST.map((name) => values.find((value) => value[1] === name)).find(Boolean) ?? [];
  if (quantity === undefined) return showNothing("");
  const text = amount(band, number);
  write(find("big-title"), `${say(`quantity-${quantity}`)}`);
  put(text, false);
  trend.add(performance.now() / 1000, level(band, number));
  const { word } = trend;
  write(find("trend"), `${ARROWS[word]} ${say(`trend-${word}`)}`.trim());
  find("trend").dataset.word = word;
}

function put(text, isNothing) {
  const shown = find("amount");
  write(shown, text);
  shown.dataset.size = String(Math.min(8, Math.max(2, text.length)));
  shown.classList.toggle("no-data", isNothing);
}

/** No data, and why where that is known. */
function showNothing(reason) {
  if (!hasValues) return;
  put(say("no-data"), true);
  find("reason").hidden = !reason;
  write(find("reason"), reason);
  write(find("trend"), "");
  trend.forget();
  find("density").hidden = true;
}

function showDensity(values) {
  const [, , band, number] = values.find((value) => value[1] === "density") ?? [];
  find("density").hidden = band === undefined;
  if (band === undefined) return;
  const step = bounds.filter((bound) => level(band, number) >= bound).length;
  write(find("density-word"), say(`density-${step}`));
  write(find("density-amount"), `${amount(band, number)} ${say("unit-density")}`);
  find("density").dataset.step = String(step);
  [...find("steps").children].forEach((item, i) => item.classList.toggle("on", i <= step));
}

/** Those of the zone, of its camera, and of the areas that it is a part of. */
const isHere = (alarm) => (alarm.camera ? alarm.camera === camera && ["", place].includes(alarm.place) : areas.split(" ").includes(alarm.place));

function showAlarm(alarms) {
  const here = alarms.filter(isHere);
  const [gravest] = here;
  find("alarm").hidden = !gravest;
  write(find("alarm"), here.map(({ rule, state }) => say(`shout-${state}`, { rule })).join(" · "));
  if (gravest) find("alarm").dataset.kind = gravest.acknowledged ? "plain" : kindOf(`severity-${gravest.severity}`);
  beeper.sound(here.some(({ acknowledged }) => !acknowledged));
}

function hear({ cameras, alarms }) {
  const now = cameras[camera];
  const values = (now?.values ?? []).filter((value) => value[0] === place);
  if (hasValues && now?.condition === "ok") {
    find("reason").hidden = true;
    showAmount(values);
    showDensity(values);
  } else showNothing(say(`reason-${now?.reason_key ?? "silent"}`));
  showAlarm(alarms);
}

function lose() {
  showNothing("");
  beeper.sound(false);
  find("alarm").hidden = false;
  find("alarm").dataset.kind = "plain";
  write(find("alarm"), say("alarm-lost"));
}

/** The system lets go of it whenever the page is hidden. */
async function stayAwake() {
  try {
    await navigator.wakeLock.request("screen");
    write(find("awake"), say("awake"));
  } catch {
    write(find("awake"), say("asleep"));
  }
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayAwake());
stayAwake();
listen("/live", { hear, lose });
