// How many an area holds now: number or band, how full that is, and by how many it may be off.

import { amount, say, write } from "./words.js";

export class Held {
  /** `card` is an area's card, as parts/area.html writes it. */
  constructor(card) {
    this._card = card;
    this._find = (name) => card.querySelector(`[data-held="${name}"]`);
  }

  /** `held` as it comes in a message; null where there is no data. */
  show(held) {
    const fill = held?.fill ?? null;
    const isKnown = held !== null && held.band !== null;
    const shown = this._find("amount");
    write(shown, isKnown ? amount(held.band, held.number) : say("no-data"));
    shown.classList.toggle("no-data", !isKnown);
    const bar = this._find("bar");
    if (bar) {
      bar.hidden = fill === null;
      bar.value = Math.min(100, fill ?? 0);
      bar.dataset.level = fill >= 90 ? "high" : "";
      write(this._find("fill"), fill === null ? "" : say("full", { n: fill }));
    }
    const off = held?.off ?? null;
    write(this._find("off"), off ? say("off-by", { n: off.toLocaleString() }) : "");
  }
}
