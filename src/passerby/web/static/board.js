// The picture on which lines, zones and ground points are drawn, by mouse, touch and keyboard.

import { drawPlace, svg } from "./stage.js";
import { FEWEST } from "./drawing.js";
import { say } from "./site/words.js";

const STEP = 0.002; // of the picture, by one press of an arrow key
const BIG_STEP = 0.02;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CLOSE_PX = 14; // a click so near to the first corner closes a zone
const DRAG_PX = 8; // a press that moves less is a click

export class Board {
  /** `told` takes sentences for the viewer; `selected(key)` and `made(place)` say what happened. */
  constructor(stage, drawing, { told, selected, made, ended }) {
    Object.assign(this, { stage, drawing, _told: told, _selected: selected, _made: made, _ended: ended });
    this._views = new Map(); // key -> what is on the screen
    this._grid = svg("g", { class: "ground-grid" });
    this._shapes = svg("g");
    this._sketch = svg("g");
    this._mode = null; // {kind, points, at}: what is being drawn
    this._drag = null; // what is being moved
    this._lines = []; // of the grid on the ground, each as shares of the picture
    stage.front.append(this._grid, this._shapes, this._sketch);
    const { root } = stage;
    root.addEventListener("pointerdown", (event) => this._down(event));
    root.addEventListener("pointermove", (event) => this._move(event));
    root.addEventListener("pointerup", (event) => this._up(event));
    root.addEventListener("pointercancel", () => (this._drag = null));
    root.addEventListener("keydown", (event) => this._key(event));
    root.addEventListener("focusin", (event) => this._selected(event.target.closest("[data-key]")?.dataset.key ?? null));
  }

  // ---- what is on the screen ---------------------------------------------------------------------------------

  /** Bring the screen up to date; what has the focus keeps it. */
  render() {
    const keys = new Set(this.drawing.places.map((place) => place.key));
    for (const [key, view] of this._views) {
      if (keys.has(key)) continue;
      view.group.remove();
      this._views.delete(key);
    }
    for (const place of this.drawing.places) this._show(place);
    this._showGrid();
    this._showSketch();
  }

  /** Show lines on the ground; none where no ground is known. */
  showGrid(lines) {
    this._lines = lines;
    this._showGrid();
  }

  _showGrid() {
    const paths = this._lines.map((line) => svg("path", { d: `M${line.map((p) => this.stage.px(p).join(" ")).join("L")}` }));
    this._grid.replaceChildren(...paths);
  }

  _show(place) {
    const view = this._views.get(place.key) ?? this._newView(place);
    const name = named(place);
    const points = place.points.map((point) => this.stage.px(point));
    const outline = `M${points.map((p) => p.join(" ")).join("L")}${place.kind === "zone" ? "z" : ""}`;
    if (place.kind !== "point") {
      view.shape.setAttribute("aria-label", say("shape", { kind: say(place.kind), name }));
      view.shape.replaceChildren(svg("path", { class: "hit", d: outline }));
    }
    view.drawn.replaceChildren(drawPlace(this.stage, place, 9));
    while (view.handles.children.length > points.length) view.handles.lastChild.remove();
    points.forEach(([x, y], index) => {
      const handle = view.handles.children[index] ?? this._newHandle(view, place.key, index);
      handle.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      const [sx, sy] = place.points[index];
      handle.setAttribute("aria-label", say("handle", { name, point: pointName(place, index), x: sx.toFixed(3), y: sy.toFixed(3) }));
    });
    view.middles.replaceChildren(...(place.kind === "zone" ? points.map((p, i) => middle(place.key, i, p, points[(i + 1) % points.length])) : []));
  }

  _newView(place) {
    const isPoint = place.kind === "point"; // it is its own handle
    const shape = svg("g", { class: "shape", ...(isPoint ? {} : { tabindex: "0", role: "button", "data-key": place.key }) });
    const drawn = svg("g", { class: "drawn", "aria-hidden": "true" });
    const middles = svg("g");
    const handles = svg("g");
    const group = svg("g", { class: "item" }, shape, drawn, middles, handles);
    this._shapes.append(group);
    const view = { group, shape, drawn, middles, handles };
    this._views.set(place.key, view);
    return view;
  }

  _newHandle(view, key, index) {
    const parts = [svg("circle", { class: "touch", r: 18 }), svg("circle", { class: "ring", r: 13 }), svg("circle", { class: "knob", r: 6.5 })];
    const handle = svg("g", { class: "handle", tabindex: "0", role: "button", "data-key": key, "data-index": index }, ...parts);
    view.handles.append(handle);
    return handle;
  }

  /** Light up one place, and mark the ones that have something wrong. */
  mark(lit, wrong) {
    for (const [key, { group }] of this._views) {
      group.classList.toggle("lit", key === lit);
      group.classList.toggle("wrong", wrong.has(key));
    }
  }

  focus(key, index = null) {
    const view = this._views.get(key);
    const isPoint = this.drawing.find(key)?.kind === "point";
    (index === null && !isPoint ? view?.shape : view?.handles.children[index ?? 0])?.focus();
  }

  // ---- drawing something new ---------------------------------------------------------------------------------

  /** Begin to draw a line or a zone with the mouse; null stops. */
  begin(kind) {
    this._mode = kind && { kind, points: [], at: null };
    this.stage.root.classList.toggle("drawing", Boolean(kind));
    if (kind) this._told(say(`${kind}-how`));
    this._showSketch();
    if (!kind) this._ended();
  }

  get drawingKind() {
    return this._mode?.kind ?? null;
  }

  /** Esc and Enter while something is drawn; true if it was for us. */
  drawingKey(key) {
    if (!this._mode) return false;
    if (key === "Escape") {
      this._told(say("stopped"));
      this.begin(null);
      return true;
    }
    if (key === "Enter" && this._mode.points.length >= FEWEST[this._mode.kind]) {
      this._finish();
      return true;
    }
    return false;
  }

  _place(event) {
    const mode = this._mode;
    const point = this.stage.share(event);
    if (mode.kind === "zone" && mode.points.length > 0) {
      const nearest = mode.points.findIndex((p) => this._apart(p, point) < CLOSE_PX);
      if (nearest === 0 && mode.points.length >= 3) return this._finish();
      if (nearest >= 0) return undefined; // a double click: the corner is there already
    }
    mode.points.push(point);
    if (mode.kind === "point" || (mode.kind === "line" && mode.points.length === 2)) return this._finish();
    return this._showSketch();
  }

  _finish() {
    const { kind, points } = this._mode;
    if (kind === "line" && this._apart(...points) < DRAG_PX) return points.pop(); // a double click
    const place = this.drawing.add(kind, points);
    this.begin(null);
    return this._made(place);
  }

  _apart(p, q) {
    const [[x1, y1], [x2, y2]] = [this.stage.px(p), this.stage.px(q)];
    return Math.hypot(x1 - x2, y1 - y2);
  }

  _showSketch() {
    const { points = [], at = null } = this._mode ?? {};
    const all = (at ? [...points, at] : points).map((p) => this.stage.px(p));
    if (!points.length) return this._sketch.replaceChildren();
    const d = `M${all.map((p) => p.join(" ")).join("L")}`;
    const dots = points.map((p) => {
      const [cx, cy] = this.stage.px(p);
      return svg("circle", { class: "preview-dot", cx, cy, r: 5.5 });
    });
    return this._sketch.replaceChildren(svg("path", { class: "preview", d }), ...dots);
  }

  // ---- mouse and touch ---------------------------------------------------------------------------------------

  _down(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault(); // no text is selected, no picture dragged
    this.stage.root.setPointerCapture(event.pointerId);
    if (this._mode) {
      this._place(event);
      return;
    }
    const target = event.target.closest("[data-key]");
    if (!target) {
      document.activeElement?.blur();
      this._selected(null);
      return;
    }
    const { key } = target.dataset;
    let index = target.dataset.index === undefined ? null : Number(target.dataset.index);
    const from = this.stage.share(event);
    if (target.classList.contains("middle")) this.drawing.insert(key, (index += 1), from);
    this.focus(key, index);
    this.drawing.settle();
    this._drag = { key, index, from };
  }

  _move(event) {
    const at = this.stage.share(event);
    if (this._mode) {
      this._mode.at = at;
      this._showSketch();
    } else if (this._drag) {
      const { key, index, from } = this._drag;
      const by = [at[0] - from[0], at[1] - from[1]];
      if (!by[0] && !by[1]) return;
      this.drawing.move(key, index, by, "drag");
      this._drag.from = at;
    }
  }

  _up(event) {
    const mode = this._mode;
    if (mode?.kind === "line" && mode.points.length === 1) {
      const end = this.stage.share(event);
      if (this._apart(mode.points[0], end) >= DRAG_PX) this._place(event);
    }
    if (this._drag) this.drawing.settle();
    this._drag = null;
  }

  // ---- keyboard ----------------------------------------------------------------------------------------------

  _key(event) {
    const target = event.target.closest("[data-key]");
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = target.dataset;
    const index = target.dataset.index === undefined ? null : Number(target.dataset.index);
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? BIG_STEP : STEP;
      this.drawing.move(key, index, arrow.map((way) => way * step));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this._delete(key, index);
    } else {
      return;
    }
    event.preventDefault();
  }

  _delete(key, index) {
    const place = this.drawing.find(key);
    if (index !== null && this.drawing.removePoint(key, index)) {
      this.focus(key, Math.min(index, place.points.length - 2));
      this._told(say("corner-gone", { name: named(place) }));
      return;
    }
    this.drawing.remove(key);
    this._told(say("gone", { name: named(place) }));
  }
}

export function named(place) {
  return place.name || say("nameless", { kind: say(place.kind) });
}

export function pointName(place, index) {
  if (place.kind === "point") return say("point");
  if (place.kind === "line") return say(index === 0 ? "start" : "end");
  return say("corner", { n: index + 1 });
}

function middle(key, index, [x1, y1], [x2, y2]) {
  const place = { cx: (x1 + x2) / 2, cy: (y1 + y2) / 2, r: 5 };
  return svg("circle", { class: "middle", "data-key": key, "data-index": index, "aria-hidden": "true", ...place });
}
