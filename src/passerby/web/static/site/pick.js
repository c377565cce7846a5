// The list of zones: what each holds now.

import { listen } from "./live.js";
import { amount, say, write } from "./words.js";

const FIRST = ["inside", "people", "queue"];
const zones = [...document.querySelectorAll("[data-place]")];

function show(cameras) {
  for (const zone of zones) {
    const now = cameras[zone.dataset.camera];
    if (now?.live === "off") continue;
    const told = (now?.values ?? []).filter(([place]) => place === zone.dataset.place);
    const [, , band, number] = FIRST.map((name) => told.find(([, quantity]) => quantity === name)).find(Boolean) ?? [];
    write(zone, now?.condition === "ok" && band === undefined ? "" : now?.condition === "ok" ? amount(band, number) : say("no-data"));
  }
}

listen("/live", { hear: ({ cameras }) => show(cameras), lose: () => show({}) });
