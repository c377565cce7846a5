// What is told of the places of a camera now, as rows: place, quantity, band or number.

import { html } from "../stage.js";
import { amount, say, write } from "./words.js";

export class Values {
  /** `list` is an empty `dl`. */
  constructor(list) {
    this._list = list;
    this._rows = new Map();
  }

  /** Show values as they come in a message; rows that are told no more go. */
  show(values) {
    const told = new Set();
    for (const [place, quantity, band, number] of values) {
      const key = `${place} ${quantity}`;
      told.add(key);
      const row = this._rows.get(key) ?? this._add(key, place, quantity);
      const unit = say(`unit-${quantity}`);
      write(row.lastChild, unit ? `${amount(band, number)} ${unit}` : amount(band, number));
      row.lastChild.classList.remove("no-data");
    }
    for (const [key, row] of this._rows) {
      if (told.has(key)) continue;
      row.remove();
      this._rows.delete(key);
    }
  }

  /** What was shown is too old: the rows stay, and say so. */
  lose() {
    for (const row of this._rows.values()) {
      write(row.lastChild, say("no-data"));
      row.lastChild.classList.add("no-data");
    }
  }

  _add(key, place, quantity) {
    const name = html("dt", {}, html("span", { className: "value-place", textContent: place }), " ", html("span", { className: "value-quantity", textContent: say(`quantity-${quantity}`) }));
    const row = html("div", { className: "value" }, name, html("dd"));
    this._rows.set(key, row);
    this._list.append(row);
    return row;
  }
}
