// The page on which lines and zones are drawn: joins drawing, picture, list and server.

import { Board } from "./board.js";
import { Cards } from "./cards.js";
import { Drawing } from "./drawing.js";
import { Stage, html } from "./stage.js";

const CHECK_MS = 150; // a change is checked when nothing followed it for so long
const NEW = { line: [[0.3, 0.55], [0.7, 0.55]], zone: [[0.35, 0.4], [0.65, 0.4], [0.65, 0.7], [0.35, 0.7]] };

const find = (id) => document.getElementById(id);
const told = (text) => (find("hint").textContent = text);

const scene = await (await fetch("scene.json")).json();
const drawing = new Drawing(scene.places);
const stage = new Stage(find("stage"), () => board?.render());
let lit = null;
let problems = new Map(); // key -> [{field, message}]
let asked = 0;
let checking = 0;
let over = false;

// ---- what is shown -------------------------------------------------------------------------------------------

const board = new Board(stage, drawing, { told, selected: select, made, ended: showTools });
const cards = new Cards(find("cards"), drawing, { told, selected: select });

function select(key) {
  lit = key;
  mark();
}

function mark() {
  board.mark(lit, problems);
  cards.mark(lit, problems);
}

function made(place) {
  told(`${place.name} is added. Give it a name that says where it is.`);
  cards.focusName(place.key);
}

function showTools() {
  for (const kind of ["line", "zone"]) find(`add-${kind}`).setAttribute("aria-pressed", String(board.drawingKind === kind));
}

function render() {
  board.render();
  cards.render();
  mark();
  find("undo").disabled = !drawing.canUndo;
  find("redo").disabled = !drawing.canRedo;
  find("empty").hidden = drawing.places.length > 0;
  find("unsaved").textContent = drawing.dirty ? "Not saved" : "";
}

function result(kind, text) {
  const message = text ? [html("p", { className: "notice", textContent: text })] : [];
  for (const element of message) element.dataset.kind = kind;
  find("result").replaceChildren(...message);
}

// ---- what the server says ------------------------------------------------------------------------------------

/** POST to the server; null where it no longer answers. */
async function post(address, body = {}) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const json = answer.headers.get("content-type") === "application/json";
    return { status: answer.status, ...(json ? await answer.json() : {}) };
  } catch {
    return null;
  }
}

async function check() {
  const mine = ++asked;
  const keys = drawing.places.map((place) => place.key);
  const answer = await post("check", drawing.document);
  if (mine === asked && answer?.problems) take(answer.problems, keys);
}

function take(found, keys) {
  problems = new Map();
  for (const problem of found) {
    const key = keys[problem.place];
    problems.set(key, [...(problems.get(key) ?? []), problem]);
  }
  mark();
}

async function save() {
  const sent = drawing.document;
  const keys = drawing.places.map((place) => place.key);
  find("save").disabled = true;
  const answer = await post("save", sent);
  find("save").disabled = false;
  if (answer?.saved !== undefined) {
    asked += 1; // an older check says nothing new
    take([], keys);
    drawing.saved(sent);
    told("");
    result("good", answer.saved);
    return true;
  }
  if (answer?.problems) {
    take(answer.problems, keys);
    result("bad", "Not saved: mend first what is marked in red.");
  } else {
    result("bad", answer?.error ?? "Not saved: passerby does not answer. Does it still run in the terminal?");
  }
  return false;
}

// ---- the end -------------------------------------------------------------------------------------------------

async function finish() {
  const answer = await post("done");
  if (!answer) return result("bad", "passerby does not answer any more. Does it still run in the terminal?");
  over = true;
  find("editor").hidden = true;
  find("over").hidden = false;
  const n = drawing.places.length;
  find("over-text").textContent = drawing.dirty ? "The last changes were not saved." : `${n} ${n === 1 ? "place is" : "places are"} drawn.`;
  find("over").focus();
  return undefined;
}

async function leave({ target }) {
  const choice = target.closest("button")?.value;
  if (!choice) return;
  find("leave").close();
  if (choice === "lose" || (choice === "save" && (await save()))) await finish();
}

// ---- wiring --------------------------------------------------------------------------------------------------

for (const kind of ["line", "zone"]) {
  find(`add-${kind}`).addEventListener("click", (event) => {
    const byKeyboard = event.detail === 0;
    if (!byKeyboard) {
      board.begin(board.drawingKind === kind ? null : kind);
      showTools();
      return;
    }
    const place = drawing.add(kind, NEW[kind]);
    told(`${place.name} is added in the middle. Arrow keys move its first point, Tab goes to the next.`);
    board.focus(place.key, 0);
  });
}
find("undo").addEventListener("click", () => drawing.undo());
find("redo").addEventListener("click", () => drawing.redo());
find("save").addEventListener("click", save);
find("done").addEventListener("click", () => (drawing.dirty ? find("leave").showModal() : finish()));
find("leave").addEventListener("click", leave);
window.addEventListener("beforeunload", (event) => drawing.dirty && !over && event.preventDefault());

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input");
  const key = event.key.toLowerCase();
  const command = event.ctrlKey || event.metaKey;
  if (command && key === "s") save();
  else if (command && !typing && (key === "y" || (key === "z" && event.shiftKey))) drawing.redo();
  else if (command && !typing && key === "z") drawing.undo();
  else if (typing || !board.drawingKey(event.key)) return;
  event.preventDefault();
});

drawing.onChange(() => {
  result("", "");
  render();
  clearTimeout(checking);
  checking = setTimeout(check, CHECK_MS);
});

stage.showPicture(scene.plate ? "plate.png" : null);
stage.open(scene.aspect);
render();
told(scene.places.length ? "Drag a point to move it." : "");
document.documentElement.dataset.ready = "true";
