// Hears what is told of this moment over a socket; what is older than 5 s is "no data", never the last value.

import { say, setChip } from "./words.js";

export const STALE_MS = 5000;
const RETRY_MS = [500, 1000, 2000, 5000];
const OVER = 4401; // the session has ended
const GONE = 4404; // the camera is not there any more
const KINDS = { connecting: "busy", live: "good", nodata: "warn" };

/**
 * Listen to a socket of this service, e.g. "/live", until the page is left, and open it again where it breaks off.
 * `hear` gets each message, `lose` is called once when there is no data any more. The page's chip `#live` and its
 * clock `#clock`, where it has them, follow.
 */
export function listen(path, { hear, lose }) {
  const chip = document.getElementById("live");
  const clock = document.getElementById("clock");
  let state = "";
  let heardAt = 0;
  let tries = 0;

  const enter = (next) => {
    if (next === state) return;
    state = next;
    document.documentElement.dataset.live = next;
    if (chip) setChip(chip, KINDS[next], say(`live-${next}`));
    if (next === "nodata") {
      if (clock) clock.textContent = "–";
      lose();
    }
  };

  const connect = () => {
    const address = new URL(`${document.body.dataset.root}${path}`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.addEventListener("message", ({ data }) => {
      const told = JSON.parse(data);
      tries = 0;
      heardAt = performance.now();
      if (clock) clock.textContent = told.at.slice(11, 19);
      enter("live");
      hear(told);
    });
    socket.addEventListener("close", ({ code }) => {
      enter("nodata");
      if (code === OVER) location.reload(); // leads to the page for signing in
      if (code === OVER || code === GONE) return;
      setTimeout(connect, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    });
  };

  setInterval(() => {
    if (state === "live" && performance.now() - heardAt > STALE_MS) enter("nodata");
  }, 500);
  enter("connecting");
  connect();
}
