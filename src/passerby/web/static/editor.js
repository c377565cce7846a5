// The editor of lines, zones and ground points: joins drawing, picture, lists and server. Every page has it that draws.

import { Board } from "./board.js";
import { Cards } from "./cards.js";
import { Drawing } from "./drawing.js";
import { Metres } from "./metres.js";
import { Stage, html } from "./stage.js";
import { say } from "./site/words.js";

const CHECK_MS = 150; // a change is checked when nothing followed it for so long
const NEW = {
  line: [[0.3, 0.55], [0.7, 0.55]],
  zone: [[0.35, 0.4], [0.65, 0.4], [0.65, 0.7], [0.35, 0.7]],
  point: [[0.5, 0.6]],
};

const find = (id) => document.getElementById(id);

/** A sentence in a box. */
export function notice(kind, text) {
  const box = html("p", { className: "notice", textContent: text });
  box.dataset.kind = kind;
  return box;
}

function groundSentence({ off_m: off, rms_m: rms, height_m: height, step_m: step }) {
  const agree = off.length > 4 ? say("ground-agrees", { rms: rms.toFixed(2) }) : say("ground-four");
  return [agree, height === null ? "" : say("ground-height", { height }), say("ground-grid", { step })].join(" ");
}

export class Editor {
  /**
   * Open the editor that stands on the page. `headers` go along with what is sent; `more()` is sent too. `checked`
   * hears each answer to a check, `refused` each to a save that did not save: true if it has told the viewer.
   */
  static async open({ headers = {}, more = () => ({}), checked = () => {}, refused = () => false } = {}) {
    const base = find("editor").dataset.base;
    const scene = await (await fetch(`${base}scene.json`)).json();
    return new Editor({ base, scene, headers, more, checked, refused });
  }

  constructor({ base, scene, headers, more, checked, refused }) {
    Object.assign(this, { base, scene, _headers: headers, _more: more, _checked: checked, _refused: refused });
    this.drawing = new Drawing(scene);
    this.stage = new Stage(find("stage"), () => this.board?.render());
    this._lit = null;
    this._problems = new Map(); // key -> [{field, message}]
    this._off = null; // m, of each ground point
    this._asked = this._checking = 0;
    const hears = { told: (text) => this.told(text), selected: (key) => this._select(key) };
    this.board = new Board(this.stage, this.drawing, { ...hears, made: (place) => this._made(place), ended: () => this._showTools() });
    this.cards = new Cards(find("cards"), this.drawing, hears);
    this.metres = new Metres(find("ground"), this.drawing, hears);
    this._wire();
    this.stage.showPicture(scene.plate ? "plate.png" : null);
    this.stage.open(scene.aspect);
    this._render();
    this.told(scene.places.length ? say("drag") : "");
    this._check();
    document.documentElement.dataset.ready = "true";
  }

  told(text) {
    find("hint").textContent = text;
  }

  result(kind, text) {
    find("result").replaceChildren(...(text ? [notice(kind, text)] : []));
  }

  /** POST to the server; null where it no longer answers. */
  async post(address, body = {}) {
    try {
      const headers = { "Content-Type": "application/json", ...this._headers };
      const answer = await fetch(this.base + address, { method: "POST", headers, body: JSON.stringify(body) });
      const json = answer.headers.get("content-type")?.startsWith("application/json");
      return { status: answer.status, ...(json ? await answer.json() : {}) };
    } catch {
      return null;
    }
  }

  /** Save; whether it is saved. */
  async save() {
    const sent = this._document();
    const keys = this._keys();
    find("save").disabled = true;
    const answer = await this.post("save", sent);
    find("save").disabled = false;
    if (answer?.saved !== undefined) {
      this._asked += 1; // an older check says nothing new
      this._take([], keys);
      this.scene.version = answer.version ?? "";
      this.drawing.saved(sent, keys.shapes);
      this.told("");
      this.result("good", answer.saved);
      return true;
    }
    if (answer?.problems) {
      this._take(answer.problems, keys);
      this.result("bad", say("mend"));
    } else if (!answer || !this._refused(answer)) {
      this.result("bad", answer?.error ?? say("silent"));
    }
    return false;
  }

  // ---- what is shown -----------------------------------------------------------------------------------------

  _render() {
    this.board.render();
    this.cards.render();
    this.metres.render();
    this._mark();
    const { drawing } = this;
    find("undo").disabled = !drawing.canUndo;
    find("redo").disabled = !drawing.canRedo;
    find("empty").hidden = drawing.shapes.length > 0;
    find("other-ground").hidden = !drawing.otherGround;
    find("no-ground").hidden = drawing.groundPoints.length > 0;
    find("unsaved").textContent = drawing.dirty ? say("unsaved") : "";
  }

  _mark() {
    this.board.mark(this._lit, this._problems);
    this.cards.mark(this._lit, this._problems);
    this.metres.mark(this._lit, this._problems, this._off);
  }

  _select(key) {
    this._lit = key;
    this._mark();
  }

  _made(place) {
    const isPoint = place.kind === "point";
    this.told(say(isPoint ? "made-point" : "made", { name: place.name }));
    if (isPoint) this.metres.focus(place.key);
    else this.cards.focusName(place.key);
  }

  _showTools() {
    for (const kind of Object.keys(NEW)) find(`add-${kind}`).setAttribute("aria-pressed", String(this.board.drawingKind === kind));
  }

  _showGround(ground, problems) {
    const said = ground ? [notice("plain", groundSentence(ground))] : [];
    for (const text of ground?.doubts ?? []) said.push(notice("warn", text));
    for (const { message } of problems) said.push(notice("bad", message));
    find("ground-said").replaceChildren(...said);
    this._off = ground?.off_m ?? null;
    this.board.showGrid(ground?.grid ?? []);
  }

  // ---- what the server says ----------------------------------------------------------------------------------

  _document() {
    return { ...this.drawing.document, version: this.scene.version, ...this._more() };
  }

  _keys() {
    return { shapes: this.drawing.shapes.map(({ key }) => key), ground: this.drawing.groundPoints.map(({ key }) => key) };
  }

  async _check() {
    const mine = ++this._asked;
    const keys = this._keys();
    const answer = await this.post("check", this._document());
    if (mine !== this._asked || !answer?.problems) return;
    this._showGround(answer.ground, answer.problems.filter(({ place, point }) => place === null && point === null));
    find("overlaps").replaceChildren(...answer.overlaps.map((pair) => notice("warn", say("overlap", pair))));
    this._take(answer.problems, keys);
    this._checked(answer);
  }

  _take(found, { shapes, ground }) {
    this._problems = new Map();
    for (const problem of found) {
      const key = problem.place === null ? ground[problem.point] : shapes[problem.place];
      if (key) this._problems.set(key, [...(this._problems.get(key) ?? []), problem]);
    }
    this._mark();
  }

  // ---- wiring ------------------------------------------------------------------------------------------------

  _wire() {
    for (const kind of Object.keys(NEW)) find(`add-${kind}`).addEventListener("click", (event) => this._add(kind, event.detail === 0));
    find("undo").addEventListener("click", () => this.drawing.undo());
    find("redo").addEventListener("click", () => this.drawing.redo());
    find("save").addEventListener("click", () => this.save());
    document.addEventListener("keydown", (event) => this._key(event));
    this.drawing.onChange(() => {
      this.result("", "");
      this._render();
      clearTimeout(this._checking);
      this._checking = setTimeout(() => this._check(), CHECK_MS);
    });
  }

  _add(kind, byKeyboard) {
    if (!byKeyboard) {
      this.board.begin(this.board.drawingKind === kind ? null : kind);
      this._showTools();
      return;
    }
    const place = this.drawing.add(kind, NEW[kind]);
    this.told(say("made-middle", { name: place.name }));
    this.board.focus(place.key, 0);
  }

  _key(event) {
    const typing = event.target.matches("input:not([type=checkbox])");
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    if (command && key === "s") this.save();
    else if (command && !typing && (key === "y" || (key === "z" && event.shiftKey))) this.drawing.redo();
    else if (command && !typing && key === "z") this.drawing.undo();
    else if (typing || !this.board.drawingKey(event.key)) return;
    event.preventDefault();
  }
}
