// The marks of road users on a stage: of one size for all of a class, each in its cell, and none with a history.

import { svg } from "./stage.js";

export const SIZE = { person: 24, bicycle: 27, motorcycle: 27, car: 31, bus: 38, truck: 36, train: 36, animal: 22, vehicle: 31, unknown: 20 };

export class Marks {
  /** Draws on top of what `stage` shows by now. */
  constructor(stage) {
    this._stage = stage;
    this._layer = svg("g");
    stage.front.append(this._layer);
  }

  /** Draw nothing, at once; before all is drawn anew in another size. */
  clear() {
    this._layer.replaceChildren();
  }

  /** `marks` are `[label, x, y]` in shares. What stays in its cell stays; the others fade, and nothing says which was which. */
  show(marks) {
    const wanted = new Map();
    for (const [label, x, y] of marks) wanted.set(`${label} ${x} ${y}`, [label, x, y]);
    for (const old of [...this._layer.children]) {
      if (wanted.delete(old.dataset.key) || old.classList.contains("going")) continue;
      old.classList.replace("coming", "going") || old.classList.add("going");
      old.addEventListener("animationend", () => old.remove());
      if (getComputedStyle(old).animationName === "none") old.remove();
    }
    for (const [key, [label, x, y]] of wanted) this._layer.append(this._mark(key, label, x, y));
    const upright = [...this._layer.children].sort((a, b) => a.dataset.y - b.dataset.y); // near ones in front
    this._layer.append(...upright);
  }

  _mark(key, label, x, y) {
    const scale = Math.min(1.2, Math.max(0.66, this._stage.width / 780));
    const size = SIZE[label] * scale;
    const [left, bottom] = this._stage.px([x, y]);
    const place = { x: left - size / 2, y: bottom - size * 0.95, width: size, height: size };
    const mark = svg("use", { href: `#glyph-${label}`, class: `glyph coming kind-${label}`, ...place });
    Object.assign(mark.dataset, { key, y });
    return mark;
  }
}
