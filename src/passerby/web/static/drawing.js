// The lines, zones and ground points that are being drawn, with undo; it knows nothing of the page.
//
// A ground point is a place of the kind "point": one point of the picture, and in `metres` where it lies.

const TOGETHER_MS = 800; // changes of one kind that follow each other faster are undone as one
export const FEWEST = { line: 2, zone: 3, point: 1 };

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const round = (value) => Math.round(value * 1e4) / 1e4;
const keep = (value) => round(Math.min(1, Math.max(0, value)));

export class Drawing {
  /** As the server gives it: `places` as `[{name, kind, points, was}]`, `ground` as `[[x, y, X, Y]]`. */
  constructor({ places, ground = [], other_ground: otherGround = "" }) {
    this._made = 0;
    this.places = places.map(({ name, kind, points }) => ({ key: this._key(), name, kind, points }));
    this._was = new Map(this.places.map(({ key }, at) => [key, places[at].was])); // the name in the file
    for (const [x, y, ...metres] of ground) {
      this.places.push({ key: this._key(), name: this._freeName("point"), kind: "point", points: [[x, y]], metres });
    }
    this.otherGround = otherGround; // the file says in another way where the ground is
    this._past = [];
    this._future = [];
    this._last = { what: "", at: 0 };
    this._listeners = [];
    this.saved();
  }

  onChange(listener) {
    this._listeners.push(listener);
  }

  /** What the server reads. */
  get document() {
    const places = this.shapes.map(({ key, name, kind, points }) => ({ name, kind, points, was: this._was.get(key) ?? null }));
    const ground = this.groundPoints.map(({ points: [point], metres }) => [...point, ...metres]);
    return { places, ground };
  }

  /** Lines and zones. */
  get shapes() {
    return this.places.filter(({ kind }) => kind !== "point");
  }

  get groundPoints() {
    return this.places.filter(({ kind }) => kind === "point");
  }

  get dirty() {
    return JSON.stringify(this._plain(this.document)) !== this._saved;
  }

  get canUndo() {
    return this._past.length > 0;
  }

  get canRedo() {
    return this._future.length > 0;
  }

  /** What is drawn now, or was when this document was sent, is what the file holds. */
  saved(document = this.document, keys = this.shapes.map(({ key }) => key)) {
    this._was = new Map(keys.map((key, at) => [key, document.places[at].name]));
    this._saved = JSON.stringify(this._plain(document));
    if (document.ground.length) this.otherGround = "";
    this._tell();
  }

  _plain({ places, ground }) {
    return [places.map(({ name, kind, points }) => [name, kind, points]), ground];
  }

  find(key) {
    return this.places.find((place) => place.key === key);
  }

  add(kind, points) {
    const place = { key: this._key(), name: this._freeName(kind), kind, points: points.map((p) => p.map(keep)) };
    if (kind === "point") place.metres = [null, null];
    this._change("", (places) => places.push(place));
    return place;
  }

  remove(key) {
    this._change("", (places) => places.splice(this._index(key), 1));
  }

  rename(key, name) {
    this._edit(key, `name ${key}`, (place) => (place.name = name));
  }

  reverse(key) {
    this._edit(key, "", (place) => place.points.reverse());
  }

  /** Put a point where it is said, even outside the picture: the check then says so. */
  put(key, index, point, what = `point ${key} ${index}`) {
    this._edit(key, what, (place) => (place.points[index] = point.map(round)));
  }

  /** Move a point, or all points where index is null, as far as the picture goes. */
  move(key, index, [dx, dy], what = `point ${key} ${index}`) {
    this._edit(key, what, (place) => {
      const moved = index === null ? place.points : [place.points[index]];
      const far = (axis, by) => Math.min(1 - Math.max(...moved.map((p) => p[axis])), Math.max(-Math.min(...moved.map((p) => p[axis])), by));
      const by = [far(0, dx), far(1, dy)];
      for (const point of moved) [0, 1].forEach((axis) => (point[axis] = round(point[axis] + by[axis])));
    });
  }

  /** Say where a ground point lies; null where it is not said. */
  measure(key, axis, metres) {
    this._edit(key, `metres ${key} ${axis}`, (place) => (place.metres[axis] = metres));
  }

  insert(key, index, point) {
    this._edit(key, "", (place) => place.points.splice(index, 0, point.map(keep)));
  }

  /** Remove a corner; false where the shape has none to spare. */
  removePoint(key, index) {
    const place = this.find(key);
    if (place.points.length <= FEWEST[place.kind]) return false;
    this._edit(key, "", (changed) => changed.points.splice(index, 1));
    return true;
  }

  undo() {
    this._swap(this._past, this._future);
  }

  redo() {
    this._swap(this._future, this._past);
  }

  /** What comes next is a step of its own. */
  settle() {
    this._last = { what: "", at: 0 };
  }

  _swap(from, to) {
    if (!from.length) return;
    to.push(this.places);
    this.places = from.pop();
    this.settle();
    this._tell();
  }

  _edit(key, what, edit) {
    this._change(what, (places) => edit(places[this._index(key)]));
  }

  _change(what, change) {
    const now = performance.now();
    const together = what !== "" && what === this._last.what && now - this._last.at < TOGETHER_MS;
    if (!together) this._past.push(this.places);
    this._last = { what, at: now };
    this._future = [];
    this.places = structuredClone(this.places);
    change(this.places);
    this._tell();
  }

  _index(key) {
    return this.places.findIndex((place) => place.key === key);
  }

  _key() {
    return `p${++this._made}`;
  }

  _freeName(kind) {
    const taken = new Set(this.places.map((place) => place.name));
    const name = (n) => (kind === "point" ? LETTERS[n - 1] ?? `P${n}` : `${kind}-${n}`);
    let n = 1;
    while (taken.has(name(n))) n += 1;
    return name(n);
  }

  _tell() {
    for (const listener of this._listeners) listener();
  }
}
