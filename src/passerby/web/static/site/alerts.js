// The page of alerts: what fires at this moment, its sound, and taking care of it without leaving the page.

import { Beeper } from "./beeper.js";
import { listen } from "./live.js";
import { say, write } from "./words.js";

const find = (id) => document.getElementById(id);
const list = find("now");
const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
const part = (row, name) => row.querySelector(`[data-part="${name}"]`);
const isOpen = ({ acknowledged }) => !acknowledged;
const title = document.title;
const beeper = new Beeper(find("sound"), { remember: "alerts", hint: find("sound-hint") });
let known = new Set([...rows].filter(([, row]) => !row.hidden).map(([key]) => key));

function showRow(row, { state, acknowledged, escalated }) {
  row.hidden = false;
  row.dataset.kind = acknowledged ? "plain" : row.dataset.severity;
  write(part(row, "state"), escalated && !acknowledged ? `${say(`alarm-${state}`)}, ${say("alarm-escalated")}` : say(`alarm-${state}`));
  for (const text of row.querySelectorAll("[data-state]")) text.hidden = text.dataset.state !== state;
  part(row, "taken").hidden = !acknowledged;
  write(part(row, "by"), acknowledged === "*" ? say("alarm-before") : acknowledged || "");
  const form = row.querySelector("form");
  if (form && form.hidden !== Boolean(acknowledged)) {
    form.hidden = Boolean(acknowledged);
    form.querySelector("button").disabled = false;
  }
}

/** Rows move only where their order is another, so that the keyboard stays where it is. */
function order(wanted) {
  const shown = [...list.children].filter((row) => !row.hidden);
  if (wanted.some((row, i) => row !== shown[i])) list.append(...wanted);
}

function hear({ alarms }) {
  const told = alarms.filter(({ key }) => rows.has(key));
  const keys = new Set(told.map(({ key }) => key));
  for (const [key, row] of rows) if (!keys.has(key)) row.hidden = true;
  for (const alarm of told) showRow(rows.get(alarm.key), alarm);
  order(told.map(({ key }) => rows.get(key)));
  find("calm").hidden = told.length > 0;
  find("lost").hidden = true;
  const open = told.filter(isOpen).length;
  document.title = open ? `(${open}) ${title}` : title;
  const fresh = told.filter(({ key }) => !known.has(key)).map(({ key }) => rows.get(key).dataset);
  write(find("alarm-news"), fresh.map(({ rule, where }) => say("alarm-news", { rule, where })).join(". "));
  known = keys;
  beeper.sound(open > 0);
}

/** Nobody can say what fires now; what fired before is not shown any more. */
function lose() {
  for (const row of rows.values()) row.hidden = true;
  find("calm").hidden = true;
  find("lost").hidden = false;
  document.title = title;
  beeper.sound(false);
}

async function take(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") return; // the next message says who takes care of it
  button.disabled = false;
  form.submit(); // the page that comes says what is wrong
}

list.addEventListener("submit", take);
listen("/live", { hear, lose });
