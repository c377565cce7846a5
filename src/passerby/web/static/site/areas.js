// The page of areas: how many each holds now.

import { Held } from "./held.js";
import { listen } from "./live.js";

const areas = [...document.querySelectorAll("[data-area]")].map((card) => [card.dataset.area, new Held(card)]);
const show = (held) => areas.forEach(([name, card]) => card.show(held[name] ?? null));

listen("/live", { hear: (told) => show(told.areas), lose: () => show({}) });
