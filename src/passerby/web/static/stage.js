// The picture of a place and what is drawn on it: shares of the picture (0-1) in, CSS pixels out.

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children; text goes in as text only. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** An HTML element with properties and children; text goes in as text only. */
export function html(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The pictogram of a class, for use outside the stage. */
export function sign(label) {
  const use = svg("use", { href: `#glyph-${label}` });
  return svg("svg", { class: `sign kind-${label}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, use);
}

export class Stage {
  /** `redraw` is called whenever the size on the screen has changed. */
  constructor(root, redraw) {
    this.root = root;
    this.width = this.height = 0;
    this.back = svg("g");
    this.front = svg("g");
    root.append(this.back, this.front);
    this._redraw = redraw;
    this._picture = null;
  }

  /** Take the picture's shape (width / height) and begin to draw. */
  open(aspect) {
    this.root.style.aspectRatio = String(aspect);
    this.root.parentElement.style.setProperty("--aspect", String(aspect));
    new ResizeObserver(() => this._fit(aspect)).observe(this.root);
    this._fit(aspect);
  }

  _fit(aspect) {
    const width = this.root.clientWidth || 640;
    if (width === this.width) return;
    this.width = width;
    this.height = width / aspect;
    this.scale = Math.min(1, Math.max(0.74, width / 620)); // of marks and letters: smaller on a small screen
    this.root.style.setProperty("--scale", String(this.scale));
    this.root.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this._drawBack();
    this._redraw();
  }

  /** Show the picture at this address; without one, a blank field. */
  showPicture(address) {
    this._picture = address;
    if (this.width) this._drawBack();
  }

  _drawBack() {
    const size = { width: this.width, height: this.height };
    if (this._picture) {
      const image = { ...size, href: this._picture, class: "plate", preserveAspectRatio: "none" };
      this.back.replaceChildren(svg("image", image));
      return;
    }
    const cell = Math.max(this.width, this.height) / 32;
    const dot = svg("circle", { class: "field-dot", cx: cell / 2, cy: cell / 2, r: 1.25 });
    const pattern = svg("pattern", { id: "dots", width: cell, height: cell, patternUnits: "userSpaceOnUse" }, dot);
    this.back.replaceChildren(svg("defs", {}, pattern), svg("rect", { ...size, fill: "url(#dots)" }));
  }

  /** Shares -> CSS pixels. */
  px([x, y]) {
    return [x * this.width, y * this.height];
  }

  /** A pointer event -> shares, kept in the picture. */
  share(event) {
    const box = this.root.getBoundingClientRect();
    const keep = (value) => Math.min(1, Math.max(0, value));
    return [keep((event.clientX - box.left) / box.width), keep((event.clientY - box.top) / box.height)];
  }
}

const path = (points, closed = false) => `M${points.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}${closed ? "z" : ""}`;

/** A line or a zone as it looks on every page: `{name, kind, points}` in shares; `room` px stay free at a line's ends. */
export function drawPlace(stage, place, room = 0) {
  const points = place.points.map((point) => stage.px(point));
  const group = svg("g", { class: `place ${place.kind}` });
  if (place.kind === "point") {
    group.append(...pointParts(points[0], place.name, stage));
    return group;
  }
  if (place.kind === "line") group.append(...lineParts(points, stage.scale, room));
  else group.append(...zoneParts(points));
  if (place.name) group.append(tag(stage, place, points));
  return group;
}

/** A cross on the ground with its letter. */
function pointParts([x, y], name, { scale, width }) {
  const arm = 13 * scale;
  const cross = `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}`;
  const aside = x > width - 30 ? -16 : 16;
  return [
    svg("path", { class: "casing", d: cross }),
    svg("path", { class: "rule", d: cross }),
    svg("text", { class: "side-name", x: x + aside * scale, y: y - 14 * scale }, name),
  ];
}

function lineParts([a, b], scale, room) {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (length < 1) return [];
  const along = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const right = [-along[1], along[0]]; // y grows downwards: this is right as seen on the screen
  const at = (from, forward, aside) => [
    from[0] + along[0] * forward + right[0] * aside,
    from[1] + along[1] * forward + right[1] * aside,
  ];
  const back = -Math.min(room, length / 4);
  const end = at(b, back - 9, 0);
  const tip = path([at(b, back, 0), at(b, back - 15, 8), at(b, back - 11, 0), at(b, back - 15, -8)], true);
  const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const reach = Math.min(26, Math.max(12, length / 6)) * scale;
  const sides = path([at(middle, 0, -reach), at(middle, 0, reach)]) +
    path([at(middle, -5, reach - 5), at(middle, 0, reach), at(middle, 5, reach - 5)]);
  const word = (text, aside) => {
    const [x, y] = at(middle, 0, aside);
    return svg("text", { class: "side-name", x, y }, text);
  };
  return [
    svg("path", { class: "side-casing", d: sides }),
    svg("path", { class: "casing", d: path([a, end]) }),
    svg("path", { class: "side", d: sides }),
    svg("path", { class: "rule", d: path([a, end]) }),
    svg("path", { class: "tip", d: tip }),
    word("in", reach + 13 * scale),
    word("out", -reach - 13 * scale),
  ];
}

function zoneParts(points) {
  const around = path(points, true);
  return [
    svg("path", { class: "area", d: around }),
    svg("path", { class: "casing", d: around }),
    svg("path", { class: "border", d: around }),
  ];
}

/** The name on a dark label: beside a line's start, above a zone's upper left corner. */
function tag(stage, place, points) {
  const name = place.name.length > 24 ? `${place.name.slice(0, 23)}…` : place.name;
  const width = textWidth(name) + 26; // at full scale
  const { scale } = stage;
  const spots = place.kind === "line" ? besideStart(points, width * scale) : atCorner(points, width * scale);
  const [x, y] = keptInside(spots, stage, width * scale, 22 * scale);
  return svg(
    "g",
    { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale})` },
    svg("rect", { class: "tag", width, height: 22, rx: 6 }),
    svg("rect", { class: "tag-mark", x: 7, y: 7, width: 8, height: 8, rx: place.kind === "line" ? 4 : 1.5 }),
    svg("text", { class: "tag-name", x: 20, y: 11.5 }, name),
  );
}

/** The first spot (centre of the label) that lies in the picture, else the first one pushed inside; its upper left. */
function keptInside(spots, stage, width, height) {
  const push = (value, size, end) => Math.min(Math.max(value - size / 2, 4), Math.max(4, end - size - 4));
  const boxes = spots.map(([x, y]) => [push(x, width, stage.width), push(y, height, stage.height)]);
  const fits = boxes.findIndex(([x, y], i) => Math.abs(x + width / 2 - spots[i][0]) + Math.abs(y + height / 2 - spots[i][1]) < 1);
  return boxes[Math.max(0, fits)];
}

/** Behind the start in the arrow's direction, else to its left or right. */
function besideStart([a, b], width) {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [dx, dy] = [(a[0] - b[0]) / length, (a[1] - b[1]) / length];
  const from = ([ux, uy]) => {
    const apart = Math.abs(ux) * (width / 2) + Math.abs(uy) * 11 + 12;
    return [a[0] + ux * apart, a[1] + uy * apart];
  };
  const inward = (width / 2) * -Math.sign(dx) * Math.abs(dx); // beside a level line it begins where the line begins
  return [from([dx, dy]), ...[[-dy, dx], [dy, -dx]].map(from).map(([x, y]) => [x + inward, y])];
}

function atCorner(points, width) {
  const [x, y] = points.reduce((best, p) => (p[0] + p[1] < best[0] + best[1] ? p : best));
  return [[x + width / 2 + 2, y - 17], [x - width / 2 + 2, y - 17], [x + width / 2 + 10, y + 17]];
}

const ruler = document.createElement("canvas").getContext("2d");

function textWidth(text) {
  ruler.font = `600 12.5px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}
