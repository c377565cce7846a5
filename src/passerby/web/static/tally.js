// The table of one line or zone: a row a class, a column a way, the sum of all classes on top.

import { html, sign, svg } from "./stage.js";

const COLUMNS = { line: ["in", "out"], zone: ["entries", "exits", "inside"] };
const MARK = { line: "M2 10h17M14 4.500l5.500 5.500-5.500 5.500", zone: "M3 3.500h18v13H3z" };
const sum = (byClass) => Object.values(byClass).reduce((total, n) => total + n, 0);

export class Tally {
  /** `light(on)` is called when the viewer points at the table. */
  constructor(place, light) {
    this.name = place.name;
    this.kind = place.kind;
    this._rows = new Map();
    this._body = html("tbody");
    const heads = COLUMNS[place.kind].map((name) => html("th", { scope: "col", textContent: name }));
    const table = html(
      "table",
      {},
      this._caption(),
      html("thead", {}, html("tr", {}, html("td"), ...heads)),
      this._body,
    );
    this.root = html("section", { className: "card tally", tabIndex: -1 }, table);
    this.root.addEventListener("pointerenter", () => light(true));
    this.root.addEventListener("pointerleave", () => light(false));
    this.show({}, {});
  }

  _caption() {
    const stroke = this.kind === "line" ? "#b07a00" : "#1583b5";
    const mark = svg("path", { d: MARK[this.kind], fill: "none", stroke, "stroke-width": 2.5, "stroke-linecap": "round", "stroke-linejoin": "round" });
    const picture = svg("svg", { class: "tally-mark", viewBox: "0 0 24 20", "aria-hidden": "true" }, mark);
    const kind = html("span", { className: "tally-kind", textContent: this.kind });
    return html("caption", {}, html("span", { className: "tally-name" }, picture, html("span", { textContent: this.name }), kind));
  }

  /** `counts` is `{in: {class: n}, out: {class: n}}`; `inside` is `{class: n}`, null where there is no data. */
  show(counts, inside) {
    const columns = [counts.in ?? {}, counts.out ?? {}];
    if (this.kind === "zone") columns.push(inside);
    this._columns = columns;
    this._write("all", columns.map((c) => c && sum(c)));
    const labels = new Set(columns.flatMap((c) => Object.keys(c ?? {})));
    for (const label of [...labels].sort()) this._write(label, columns.map((c) => c && (c[label] ?? 0)));
    for (const label of this._rows.keys()) {
      if (label !== "all" && !labels.has(label)) this._write(label, columns.map((c) => c && 0));
    }
  }

  _write(label, values) {
    const row = this._rows.get(label) ?? this._add(label);
    values.forEach((value, i) => {
      const cell = row.children[i + 1];
      const text = value === null ? "–" : value.toLocaleString();
      if (cell.textContent === text) return;
      const rose = cell.textContent !== "";
      cell.textContent = text;
      cell.classList.toggle("none", !value);
      if (!rose) return;
      cell.classList.remove("rose");
      void cell.offsetWidth; // begins the animation anew
      cell.classList.add("rose");
    });
  }

  _add(label) {
    const head = label === "all" ? html("th", { scope: "row", textContent: "all" }) : html("th", { scope: "row" }, html("span", { className: "kind" }, sign(label), label));
    const row = html("tr", { className: label === "all" ? "all" : "" }, head, ...COLUMNS[this.kind].map(() => html("td")));
    this._rows.set(label, row);
    this._body.append(row);
    return row;
  }

  /** The sums in words, for the announcement at the end. */
  sentence() {
    const parts = COLUMNS[this.kind].slice(0, 2).map((name, i) => `${sum(this._columns[i])} ${name}`);
    return `${this.name}: ${parts.join(", ")}.`;
  }
}
