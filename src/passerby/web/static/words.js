// The sentences of a page's scripts: they stand in <template id="words">, so that they can be translated with it.

const template = document.getElementById("words");
const words = new Map([...(template?.content.children ?? [])].map((element) => [element.dataset.word, element.textContent.trim()]));

/** The sentence of this name, with `{name}` replaced by values. */
export function say(name, values = {}) {
  return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}
