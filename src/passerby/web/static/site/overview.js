// The overview: health and live values of all cameras and areas, and what fires.

import { Alarms } from "./alarms.js";
import { Held } from "./held.js";
import { listen } from "./live.js";
import { Values } from "./values.js";
import { kindOf, say, setChip, write } from "./words.js";

const alarms = new Alarms(document.getElementById("alarms"));
const areas = new Map([...document.querySelectorAll("[data-area]")].map((card) => [card.dataset.area, new Held(card)]));
const cameras = new Map([...document.querySelectorAll("[data-camera]")].map((card) => [card.dataset.camera, card]));
const values = new Map([...cameras].map(([name, card]) => [name, new Values(card.querySelector(".values"))]));

function showCamera(card, now, name) {
  setChip(card.querySelector(".chip"), kindOf(`state-${now.state}`), say(`state-${now.state}`));
  const reason = card.querySelector(".reason");
  reason.hidden = !now.reason_key;
  write(reason.querySelector(".why"), say(`reason-${now.reason_key}`));
  write(reason.querySelector(".todo"), say(`todo-${now.reason_key}`));
  if (now.condition === "ok") values.get(name).show(now.values);
  else values.get(name).lose();
}

function hear({ cameras: told, areas: held, alarms: firing }) {
  for (const [name, card] of cameras) if (told[name]) showCamera(card, told[name], name);
  for (const [name, card] of areas) card.show(held[name] ?? null);
  alarms.show(firing);
}

function lose() {
  for (const shown of values.values()) shown.lose();
  for (const card of areas.values()) card.show(null);
  alarms.lose();
}

listen("/live", { hear, lose });
