// The alarms of this moment: one row each, the gravest first. A new one is said aloud once by a screen reader, and how
// many nobody takes care of stands before the page's title.

import { html } from "../stage.js";
import { kindOf, say, write } from "./words.js";

export const whereOf = ({ camera, place }) => [camera, place].filter(Boolean).join(" · ");

export class Alarms {
  /** `box` holds the list `ul` and the region `.news`; it is hidden while nothing fires. */
  constructor(box) {
    this._box = box;
    this._list = box.querySelector("ul");
    this._news = document.getElementById("alarm-news");
    this._known = new Set();
    this._shown = "";
    this._title = document.title;
  }

  show(alarms) {
    const shown = JSON.stringify(alarms);
    if (shown === this._shown) return;
    this._shown = shown;
    this._box.hidden = !alarms.length;
    this._list.replaceChildren(...alarms.map(row));
    const open = alarms.filter(({ acknowledged }) => !acknowledged).length;
    document.title = open ? `(${open}) ${this._title}` : this._title;
    const fresh = alarms.filter(({ key }) => !this._known.has(key));
    this._known = new Set(alarms.map(({ key }) => key));
    write(this._news, fresh.map((alarm) => say("alarm-news", { rule: alarm.rule, where: whereOf(alarm) })).join(". "));
  }

  /** Nobody can say what fires now; what fired before is not shown any more. */
  lose() {
    this._shown = "";
    document.title = this._title;
    this._box.hidden = false;
    this._list.replaceChildren(html("li", { className: "alarm", textContent: say("alarm-lost") }));
  }
}

function row(alarm) {
  const severity = `severity-${alarm.severity}`;
  const mark = html("span", { className: "chip-mark", ariaHidden: "true" });
  const chip = html("span", { className: "chip" }, mark, html("span", { className: "chip-word", textContent: say(severity) }));
  chip.dataset.kind = kindOf(severity);
  const states = [say(`alarm-${alarm.state}`)];
  if (alarm.acknowledged) states.push(say("alarm-taken"));
  else if (alarm.escalated) states.push(say("alarm-escalated"));
  const item = html(
    "li",
    { className: "alarm" },
    chip,
    html("strong", { className: "alarm-rule", textContent: alarm.rule }),
    html("span", { className: "alarm-where", textContent: whereOf(alarm) }),
    html("span", { className: "alarm-state", textContent: states.join(", ") }),
  );
  item.dataset.kind = alarm.acknowledged ? "plain" : kindOf(severity);
  return item;
}
