// The ground points as a table: where each lies in the picture and on the ground, and how far it is off.

import { button, fill } from "./cards.js";
import { html } from "./stage.js";
import { say } from "./site/words.js";

const AXES = ["x", "y", "X", "Y"]; // in the picture, on the ground

export class Metres {
  constructor(table, drawing, { told, selected }) {
    Object.assign(this, { table, drawing, _told: told });
    this._body = table.tBodies[0];
    this._rows = new Map(); // key -> row
    table.addEventListener("focusin", ({ target }) => selected(target.closest("[data-key]")?.dataset.key ?? null));
    table.addEventListener("focusout", () => drawing.settle());
  }

  /** Bring the table up to date; what has the focus keeps it. */
  render() {
    const points = this.drawing.groundPoints;
    const keys = new Set(points.map(({ key }) => key));
    for (const [key, row] of this._rows) {
      if (keys.has(key)) continue;
      row.remove();
      this._rows.delete(key);
    }
    points.forEach((point, at) => {
      const row = this._rows.get(point.key) ?? this._newRow(point);
      if (this._body.children[at] !== row) this._body.insertBefore(row, this._body.children[at] ?? null);
      this._fill(row, point);
    });
    this.table.hidden = points.length === 0;
  }

  /** Light up one point; under each, what is wrong with it or how far it is off (m). */
  mark(lit, problems, off) {
    const points = this.drawing.groundPoints;
    const canTell = off?.length === points.length && points.length > 4; // four always agree
    points.forEach(({ key }, at) => {
      const row = this._rows.get(key);
      const wrong = problems.get(key) ?? [];
      row.classList.toggle("lit", key === lit);
      row.classList.toggle("wrong", wrong.length > 0);
      const text = wrong.length ? wrong[0].message : canTell ? say("off", { off: off[at].toFixed(2) }) : "";
      const said = row.querySelector(".row-said");
      if (said.textContent !== text) said.textContent = text;
    });
  }

  /** Go to the first field in metres. */
  focus(key) {
    this._rows.get(key).querySelectorAll("input")[2].focus();
  }

  _fill(row, { points: [point], metres }) {
    row.querySelectorAll("input").forEach((input, at) => {
      const value = at < 2 ? point[at] : metres[at - 2];
      fill(input, value === null ? "" : String(value), value !== null && Number(input.value) === value && input.value !== "");
    });
  }

  _newRow({ key, name }) {
    const cells = AXES.map((axis, at) => {
      const input = html("input", { className: "entry", type: "number", step: at < 2 ? 0.005 : "any" });
      if (at < 2) Object.assign(input, { min: 0, max: 1 });
      input.setAttribute("aria-label", say(at < 2 ? "share-of" : "metres-of", { name, axis }));
      input.setAttribute("aria-describedby", `said-${key}`);
      input.addEventListener("input", () => this._take(key, at, input));
      input.addEventListener("change", () => this.render());
      return html("td", {}, input);
    });
    const remove = button("×", () => this._remove(key));
    remove.setAttribute("aria-label", say("delete-point", { name }));
    const letter = html("span", { className: "row-name", textContent: name });
    const said = html("span", { className: "row-said", id: `said-${key}` });
    const row = html("tr", {}, html("th", { scope: "row" }, letter, said), ...cells, html("td", {}, remove));
    row.dataset.key = key;
    this._rows.set(key, row);
    return row;
  }

  _take(key, at, input) {
    const value = input.value === "" || !Number.isFinite(input.valueAsNumber) ? null : input.valueAsNumber;
    if (at >= 2) {
      this.drawing.measure(key, at - 2, value);
    } else if (value !== null) {
      const point = [...this.drawing.find(key).points[0]];
      point[at] = value;
      this.drawing.put(key, 0, point);
    }
  }

  _remove(key) {
    const { name } = this.drawing.find(key);
    this.drawing.remove(key);
    this._told(say("gone", { name }));
  }
}
