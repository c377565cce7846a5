// The words of a page's scripts; they stand in its <template id="words">, so that they are translated where it is.

const entries = [...document.getElementById("words").content.children];
const texts = new Map(entries.map((entry) => [entry.dataset.key, entry]));

/** The text of a key, with `{name}` filled in; the key itself where there is none. */
export function say(key, values = {}) {
  const text = texts.get(key)?.textContent ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** How a state is marked: good, busy, warn, bad, off or plain. */
export function kindOf(key) {
  return texts.get(key)?.dataset.kind ?? "plain";
}

/** A band or, where it is told, a number; bands are written with a dash. */
export function amount(band, number) {
  if (number !== null && number !== undefined) return number.toLocaleString(undefined, { maximumFractionDigits: number < 10 ? 1 : 0 });
  if (band === null || band === undefined) return say("no-data");
  return band === "none" || band === "few" ? say(band) : band.replace("-", "–");
}

/** Give a chip its shape and its word, and touch nothing where it has them. */
export function setChip(chip, kind, word) {
  if (chip.dataset.kind !== kind) chip.dataset.kind = kind;
  write(chip.querySelector(".chip-word"), word);
}

/** Write a text only where it is another, so that nothing is announced twice. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
