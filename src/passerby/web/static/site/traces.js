// Faint dots where marks stood in the last two minutes: what a blank field is drawn on while it has no picture.

import { svg } from "../stage.js";

const KEPT_MS = 120_000;

export class Traces {
  constructor(stage) {
    this._stage = stage;
    this._layer = svg("g");
    this._seen = new Map(); // "x y" -> when, of all classes alike
    stage.front.append(this._layer);
  }

  /** Take marks `[label, x, y]`; only where they stand is kept, for two minutes. */
  add(marks) {
    const now = performance.now();
    let changed = false;
    for (const [, x, y] of marks) {
      const key = `${x} ${y}`;
      changed ||= !this._seen.has(key);
      this._seen.set(key, now);
    }
    for (const [key, at] of this._seen) {
      if (now - at < KEPT_MS) continue;
      this._seen.delete(key);
      changed = true;
    }
    if (changed) this.draw();
  }

  forget() {
    this._seen.clear();
    this._layer.replaceChildren();
  }

  draw() {
    const dots = [...this._seen.keys()].map((key) => {
      const [cx, cy] = this._stage.px(key.split(" ").map(Number));
      return svg("circle", { class: "trace", cx, cy, r: 2 * this._stage.scale, opacity: 0.45 });
    });
    this._layer.replaceChildren(...dots);
  }
}
