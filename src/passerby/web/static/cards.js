// The lines and zones as a list with names and numbers: what the picture shows, for keyboard and screen reader.

import { named, pointName } from "./board.js";
import { FEWEST } from "./drawing.js";
import { html, svg } from "./stage.js";
import { say } from "./site/words.js";

const MARK = { line: "M3 17L16 4M9.500 4H16v6.500", zone: "M3.500 7.500L11 3l6 6.500L13.500 17H5z" };

export class Cards {
  constructor(root, drawing, { told, selected }) {
    Object.assign(this, { root, drawing, _told: told, _selected: selected });
    this._cards = new Map(); // key -> card
    root.addEventListener("focusin", ({ target }) => selected(target.closest("[data-key]")?.dataset.key ?? null));
    root.addEventListener("focusout", () => drawing.settle());
  }

  /** Bring the list up to date; what has the focus keeps it. */
  render() {
    const keys = new Set(this.drawing.shapes.map((place) => place.key));
    for (const [key, card] of this._cards) {
      if (keys.has(key)) continue;
      card.root.remove();
      this._cards.delete(key);
    }
    this.drawing.shapes.forEach((place, at) => {
      const card = this._cards.get(place.key) ?? this._newCard(place);
      if (this.root.children[at] !== card.root) this.root.insertBefore(card.root, this.root.children[at] ?? null);
      fill(card.name, place.name);
      this._showPoints(card, place);
    });
  }

  /** Light up one place and write under each what is wrong with it: `problems` is `key -> [{field, message}]`. */
  mark(lit, problems) {
    for (const [key, card] of this._cards) {
      const wrong = problems.get(key) ?? [];
      card.root.classList.toggle("lit", key === lit);
      card.root.classList.toggle("wrong", wrong.length > 0);
      if (card.told === JSON.stringify(wrong)) continue;
      card.told = JSON.stringify(wrong);
      card.wrong.replaceChildren(...wrong.map(({ message }) => html("p", { className: "wrong-text", textContent: message })));
      card.name.setAttribute("aria-invalid", String(wrong.some(({ field }) => field === "name")));
      if (wrong.some(({ field }) => field === "points")) card.points.open = true;
    }
  }

  focusName(key) {
    const { name } = this._cards.get(key);
    name.focus();
    name.select();
  }

  _newCard(place) {
    const { key, kind } = place;
    const wrong = html("div", { id: `wrong-${key}` });
    const name = html("input", { className: "entry", type: "text", autocomplete: "off", spellcheck: false });
    name.setAttribute("aria-label", say("name-of", { kind: say(kind) }));
    name.setAttribute("aria-describedby", wrong.id);
    name.addEventListener("input", () => this.drawing.rename(key, name.value));
    const row = html("div", { className: "place-row" }, mark(kind), name);
    if (kind === "line") row.append(button(say("reverse"), () => this._reverse(key)));
    row.append(button(say("delete"), () => this._remove(key)));
    const body = html("tbody");
    const head = html("tr", {}, ...[say("point-head"), "x", "y"].map((text) => html("th", { scope: "col", textContent: text })));
    const points = html("details", { className: "points" }, html("summary", { textContent: say("numbers") }), html("table", {}, html("thead", {}, head), body));
    if (kind === "zone") points.append(button(say("add-corner"), () => this._addCorner(key)));
    const root = html("section", { className: "card place-card" }, row, wrong, points);
    root.dataset.key = key;
    const card = { root, name, wrong, points, body, told: "[]" };
    this._cards.set(key, card);
    return card;
  }

  _showPoints(card, place) {
    while (card.body.children.length > place.points.length) card.body.lastChild.remove();
    place.points.forEach((point, index) => {
      const row = card.body.children[index] ?? this._newRow(card, place, index);
      row.querySelectorAll("input").forEach((input, axis) => {
        input.setAttribute("aria-label", `${named(place)}, ${pointName(place, index)}, ${"xy"[axis]}`);
        fill(input, String(point[axis]), Number(input.value) === point[axis]);
      });
      const spare = row.querySelector("button");
      if (spare) spare.disabled = place.points.length <= FEWEST.zone;
    });
  }

  _newRow(card, { key, kind }, index) {
    const cells = [0, 1].map((axis) => {
      const input = html("input", { className: "entry", type: "number", min: 0, max: 1, step: 0.005 });
      input.addEventListener("input", () => {
        const point = [...this.drawing.find(key).points[index]];
        if (input.value === "" || !Number.isFinite(input.valueAsNumber)) return;
        point[axis] = input.valueAsNumber;
        this.drawing.put(key, index, point);
      });
      input.addEventListener("change", () => this.render());
      return html("td", {}, input);
    });
    const name = html("th", { scope: "row", textContent: pointName({ kind }, index) });
    const row = html("tr", {}, name, ...cells);
    if (kind === "zone") {
      const remove = button("×", () => this.drawing.removePoint(key, index));
      remove.setAttribute("aria-label", say("delete-corner", { n: index + 1 }));
      row.append(html("td", {}, remove));
    }
    card.body.append(row);
    return row;
  }

  _reverse(key) {
    this.drawing.reverse(key);
    this._told(say("turned", { name: named(this.drawing.find(key)) }));
  }

  _remove(key) {
    const name = named(this.drawing.find(key));
    this.drawing.remove(key);
    this._told(say("gone", { name }));
  }

  /** Halve the last side: the new corner can then be moved by its numbers. */
  _addCorner(key) {
    const { points } = this.drawing.find(key);
    const [first, last] = [points[0], points.at(-1)];
    this.drawing.insert(key, points.length, [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2]);
  }
}

export function button(text, press) {
  const made = html("button", { className: "button plain", type: "button", textContent: text });
  made.addEventListener("click", press);
  return made;
}

/** Write a value unless somebody is typing there just what it says. */
export function fill(input, value, same = input.value === value) {
  if (same || (input === document.activeElement && input.value === "")) return;
  input.value = value;
}

function mark(kind) {
  return svg("svg", { class: `mark ${kind}`, viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: MARK[kind] }));
}
