// Whether a number rises or falls over the last minutes, from what was told, in memory only.

const KEPT_S = 180;
const LATELY_S = 30; // the mean of these seconds
const BEFORE_S = 60; // is compared with the mean of what is at least so old
const CHANGE = 0.1; // less than this share of the number is no change
const STEP = 1; // and less than this many people

/** The lower end of a band, or the number: good enough to tell more from less. */
export function level(band, number) {
  if (number !== null && number !== undefined) return number;
  if (band === "none") return 0;
  return band === "few" ? 2 : Number.parseFloat(band);
}

const mean = (samples) => samples.reduce((sum, { value }) => sum + value, 0) / samples.length;

export class Trend {
  constructor() {
    this._samples = [];
  }

  /** Take a number at a time (s); whatever is older than three minutes is forgotten. */
  add(time, value) {
    this._samples.push({ time, value });
    this._samples = this._samples.filter((sample) => time - sample.time <= KEPT_S);
  }

  /** A gap: what was before it is not compared with what comes after. */
  forget() {
    this._samples = [];
  }

  /** "rising", "steady" or "falling"; "wait" while too little was told. */
  get word() {
    const now = this._samples.at(-1)?.time ?? 0;
    const lately = this._samples.filter(({ time }) => now - time <= LATELY_S);
    const before = this._samples.filter(({ time }) => now - time >= BEFORE_S);
    if (!before.length) return "wait";
    const change = mean(lately) - mean(before);
    if (Math.abs(change) < Math.max(STEP, CHANGE * mean(before))) return "steady";
    return change > 0 ? "rising" : "falling";
  }
}
