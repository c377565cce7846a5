// The page on which one film's lines, zones and ground points are drawn, until its viewer is done.

import { Editor } from "./editor.js";
import { say } from "./site/words.js";

const find = (id) => document.getElementById(id);
const editor = await Editor.open();
let over = false;

async function finish() {
  const answer = await editor.post("done");
  if (!answer) {
    editor.result("bad", say("silent"));
    return;
  }
  over = true;
  find("editor").hidden = true;
  find("over").hidden = false;
  find("over-lost").hidden = !editor.drawing.dirty;
  find("over").focus();
}

async function leave({ target }) {
  const choice = target.closest("button")?.value;
  if (!choice) return;
  find("leave").close();
  if (choice === "lose" || (choice === "save" && (await editor.save()))) await finish();
}

find("done").addEventListener("click", () => (editor.drawing.dirty ? find("leave").showModal() : finish()));
find("leave").addEventListener("click", leave);
window.addEventListener("beforeunload", (event) => editor.drawing.dirty && !over && event.preventDefault());
