// Faint dots where marks stand again and again: what one finds one's way by on a field that has no picture.

import { svg } from "../stage.js";

const KEPT_MS = 300_000;
const APART_MS = 5000; // marks that stand in a cell without such a pause are one time
const TIMES = 3; // a cell in which marks stood less often shows nothing, so that nobody leaves a track

export class Traces {
  constructor(stage) {
    this._stage = stage;
    this._layer = svg("g");
    this._times = new Map(); // "x y" -> when each time ended, of all classes alike
    stage.front.append(this._layer);
  }

  /** Take marks `[label, x, y]`; only where they stand is kept, for five minutes. */
  add(marks) {
    const now = performance.now();
    for (const [, x, y] of marks) {
      const times = this._times.get(`${x} ${y}`) ?? [];
      if (now - (times.at(-1) ?? -APART_MS) >= APART_MS) times.push(now);
      else times[times.length - 1] = now;
      this._times.set(`${x} ${y}`, times);
    }
    for (const [key, times] of this._times) {
      while (times.length && now - times[0] > KEPT_MS) times.shift();
      if (!times.length) this._times.delete(key);
    }
    this.draw();
  }

  forget() {
    this._times.clear();
    this._layer.replaceChildren();
  }

  draw() {
    const shown = [...this._times].filter(([, times]) => times.length >= TIMES).map(([key]) => key);
    const old = new Map([...this._layer.children].map((dot) => [dot.dataset.key, dot]));
    for (const key of shown) if (!old.delete(this._at(key))) this._layer.append(this._dot(key));
    for (const dot of old.values()) dot.remove();
  }

  /** A dot's cell and where that is on a screen of this size. */
  _at(key) {
    return `${key} ${this._stage.width}`;
  }

  _dot(key) {
    const [cx, cy] = this._stage.px(key.split(" ").map(Number));
    const dot = svg("circle", { class: "trace", cx, cy, r: 2 * this._stage.scale });
    dot.dataset.key = this._at(key);
    return dot;
  }
}
