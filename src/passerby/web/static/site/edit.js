// The editor of a live camera: what saving changes, a file that may only be read, and traces on a blank field.

import { Editor } from "../editor.js";
import { html } from "../stage.js";
import { listen } from "./live.js";
import { Traces } from "./traces.js";
import { say } from "./words.js";

const find = (id) => document.getElementById(id);
const items = (texts) => texts.map((textContent) => html("li", { textContent }));

/** What the server says that saving would change, while it is drawn. */
function checked({ changes, dependents }) {
  find("change-list").replaceChildren(...items(changes.map((change) => say(change.kind, change))));
  showDependents(dependents);
  find("changes").hidden = !changes.length && !dependents.length;
}

function showDependents(dependents) {
  const named = dependents.map((text) => {
    const [kind, ...name] = text.split(" ");
    return say(kind, { name: name.join(" ") });
  });
  find("dependent-list").replaceChildren(...items(named));
  find("dependents").hidden = !dependents.length;
  if (!dependents.length) find("drop").checked = false;
}

/** Tell why nothing was saved; false where it is nothing of ours. */
function refused(answer) {
  if (answer.conflict) {
    editor.result("bad", say("conflict"));
  } else if (answer.dependents) {
    showDependents(answer.dependents);
    find("changes").hidden = false;
    editor.result("bad", say("needs"));
    find("drop").focus();
  } else if (answer.copy) {
    find("copy").hidden = false;
    find("copy-text").textContent = answer.copy;
    find("copy-difference").textContent = answer.difference;
    editor.result("warn", say("read-only"));
    find("copy-title").focus();
  } else {
    return false;
  }
  return true;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(find("copy-text").textContent);
    find("copy-said").textContent = say("copied");
  } catch {
    getSelection().selectAllChildren(find("copy-text"));
    find("copy-said").textContent = say("not-copied");
  }
}

const editor = await Editor.open({
  headers: { "X-CSRF-Token": document.body.dataset.csrf },
  more: () => ({ drop: find("drop").checked }),
  checked,
  refused,
});
editor.drawing.onChange(() => (find("copy").hidden = true));
find("copy-button").addEventListener("click", copy);
window.addEventListener("beforeunload", (event) => editor.drawing.dirty && event.preventDefault());

const camera = editor.scene.title;
if (!editor.scene.plate) {
  const traces = new Traces(editor.stage);
  new ResizeObserver(() => traces.draw()).observe(find("stage"));
  const hear = ({ cameras }) => {
    const { grid, glyphs } = cameras[camera] ?? {};
    if (glyphs) traces.add(glyphs.map(([label, column, row]) => [label, (column + 0.5) / grid[0], (row + 0.5) / grid[1]]));
  };
  listen(`/cameras/${encodeURIComponent(camera)}/live`, { hear, lose: () => {} });
}
