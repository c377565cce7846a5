// One chart: bars over the time, or the range of values, that each is of; drawn into a uPlot, with a tooltip and keys.
const { uPlot } = window;
const FONT = '12px Inter, system-ui, "Liberation Sans", sans-serif';
const charts = new Set();

/** The page's colours as they are now: canvas knows no custom properties. */
function colours() {
  let probe = document.querySelector(".probe");
  if (!probe) {
    probe = document.createElement("span");
    probe.className = "probe";
    probe.setAttribute("aria-hidden", "true");
    probe.append(
      ...["bar", "wash", "ink", "soft", "edge", "strong", "sunk"].map((name) =>
        Object.assign(document.createElement("i"), { className: name }),
      ),
    );
    document.body.append(probe);
  }
  return Object.fromEntries([...probe.children].map((one) => [one.className, getComputedStyle(one).color]));
}

function hatch(ground, stroke, isMirrored = false) {
  const side = Math.round(7 * uPlot.pxRatio);
  const tile = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = tile.getContext("2d");
  pen.fillStyle = ground;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = stroke;
  pen.lineWidth = 1.25 * uPlot.pxRatio;
  for (const at of [-side, 0, side]) {
    pen.moveTo(at, isMirrored ? 0 : side);
    pen.lineTo(at + side, isMirrored ? side : 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

const dateFormats = (zone) => {
  const { lang } = document.documentElement; // dates as in the tables
  const form = (options) => new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: zone, ...options });
  return {
    clock: form({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: form({ weekday: "short", day: "numeric", month: "short" }),
    short: form({ day: "numeric", month: "short" }),
  };
};

function timeAxis({ zone, from, to }) {
  const days = (to - from) / 86400;
  const { clock, day, short } = dateFormats(zone);
  const label = (at) => {
    const date = new Date(at * 1000);
    const hour = clock.format(date);
    if (hour !== "00:00") return hour;
    return days > 14 ? short.format(date) : day.format(date);
  };
  return (_, splits) => splits.map((at) => (at < to ? label(at) : "")); // at the very end it would be cut off
}

/** Paints one chart's bars; x and y give canvas pixels. */
class Painter {
  constructor(plot, what) {
    this.plot = plot;
    this.what = what;
    this.pen = plot.ctx;
    this.hue = colours();
    this.ratio = uPlot.pxRatio;
    this.inPart = hatch(this.hue.wash, this.hue.bar);
    this.shared = hatch(this.hue.sunk, this.hue.strong, true);
  }

  x(value) {
    return Math.round(this.plot.valToPos(value, "x", true));
  }

  y(value) {
    return Math.round(this.plot.valToPos(value, "y", true));
  }

  paint() {
    const { pen, plot, what } = this;
    const { left, top, width, height } = plot.bbox;
    pen.save();
    pen.beginPath();
    pen.rect(left, top - this.ratio, width, height + this.ratio);
    pen.clip();
    if (what.kind === "values") this.spreads();
    else {
      this.within();
      what.own.forEach((bar) => this.bar(bar));
      this.compared();
    }
    this.marks();
    pen.restore();
  }

  box({ start, end, height }) {
    const left = this.x(start);
    const gap = this.x(end) - left > 3 * this.ratio ? this.ratio : 0;
    return [left, this.y(height), Math.max(1, this.x(end) - left - gap), this.y(0) - this.y(height)];
  }

  bar(bar) {
    const { pen, hue } = this;
    const [left, top, width, height] = this.box(bar);
    const stroke = bar.isShared ? hue.strong : hue.bar;
    const isHatched = bar.isPart || bar.isShared;
    pen.fillStyle = bar.isShared ? this.shared : bar.isPart ? this.inPart : hue.bar;
    pen.fillRect(left, top, width, height);
    if (isHatched) {
      pen.strokeStyle = stroke;
      pen.lineWidth = this.ratio;
      pen.strokeRect(left + this.ratio / 2, top + this.ratio / 2, width - this.ratio, height);
    }
    if (bar.top !== null) {
      pen.fillStyle = hue.ink;
      pen.fillRect(left, this.y(bar.top) - this.ratio, width, 1.5 * this.ratio);
    }
  }

  within() {
    const { pen } = this;
    pen.fillStyle = this.shared;
    for (const { start, end } of this.what.within) {
      const high = 9 * this.ratio;
      pen.fillRect(this.x(start), this.y(0) - high, Math.max(1, this.x(end) - this.x(start)), high);
    }
  }

  compared() {
    const { pen, hue } = this;
    pen.strokeStyle = hue.ink;
    pen.lineWidth = 1.5 * this.ratio;
    pen.setLineDash([4 * this.ratio, 3 * this.ratio]);
    pen.beginPath();
    let last = null;
    for (const { start, end, height } of this.what.versus) {
      if (last === start) pen.lineTo(this.x(start), this.y(height));
      else {
        if (last !== null) pen.lineTo(this.x(last), this.y(0));
        pen.moveTo(this.x(start), this.y(0));
        pen.lineTo(this.x(start), this.y(height));
      }
      pen.lineTo(this.x(end), this.y(height));
      last = end;
    }
    if (last !== null) pen.lineTo(this.x(last), this.y(0));
    pen.stroke();
    pen.setLineDash([]);
  }

  spreads() {
    const { pen, hue } = this;
    const level = (bar, value, style, width, dash) => {
      pen.strokeStyle = style;
      pen.lineWidth = width * this.ratio;
      pen.setLineDash(dash.map((one) => one * this.ratio));
      pen.beginPath();
      pen.moveTo(this.x(bar.start) + this.ratio, this.y(value));
      pen.lineTo(this.x(bar.end) - this.ratio, this.y(value));
      pen.stroke();
    };
    for (const bar of this.what.own) {
      pen.fillStyle = hue.wash;
      const low = this.y(bar.height);
      pen.fillRect(this.x(bar.start) + this.ratio, this.y(bar.top), this.x(bar.end) - this.x(bar.start) - 2 * this.ratio, low - this.y(bar.top));
      level(bar, bar.top, hue.ink, 1.5, []);
      level(bar, bar.height, hue.bar, 4, []);
      level(bar, bar.mean, hue.ink, 2, [2, 3]);
    }
    pen.setLineDash([]);
  }

  marks() {
    const { pen, hue, plot } = this;
    pen.strokeStyle = hue.ink;
    pen.lineWidth = this.ratio;
    pen.setLineDash([this.ratio, 3 * this.ratio]);
    for (const at of this.what.redrawn) {
      pen.beginPath();
      pen.moveTo(this.x(at), plot.bbox.top);
      pen.lineTo(this.x(at), plot.bbox.top + plot.bbox.height);
      pen.stroke();
    }
    pen.setLineDash([]);
  }
}

/** What a row says, in the words of its table. */
function said({ row }) {
  const heads = [...row.closest("table").tHead.rows[0].cells];
  const [when, ...rest] = [...row.cells];
  const list = document.createElement("dl");
  rest.forEach((cell, at) => {
    const text = cell.textContent.replace(/\s+/g, " ").trim();
    if (!text) return;
    const name = document.createElement("dt");
    const value = document.createElement("dd");
    name.textContent = heads[at + 1].textContent;
    value.textContent = text;
    list.append(name, value);
  });
  const strong = document.createElement("strong");
  strong.textContent = when.textContent.trim();
  return [strong, list];
}

/** The tooltip of a chart: follows the pointer and the arrow keys from row to row. */
class Tip {
  constructor(place, plot, what) {
    this.what = what;
    this.plot = plot;
    this.node = document.createElement("div");
    this.node.className = "tip";
    this.node.setAttribute("role", "status");
    this.all = [...what.own, ...what.within].sort((a, b) => a.start - b.start);
    this.at = -1;
    place.append(this.node);
    place.addEventListener("keydown", (event) => this.press(event));
    place.addEventListener("blur", () => this.hide());
    plot.over.addEventListener("pointermove", (event) => this.point(event.offsetX));
    plot.over.addEventListener("pointerdown", (event) => this.point(event.offsetX));
    plot.over.addEventListener("pointerleave", () => this.hide());
  }

  point(offset) {
    const value = this.plot.posToVal(offset, "x");
    const at = this.all.findIndex(({ start, end }) => start <= value && value < end);
    if (at >= 0) this.show(at, value);
    else this.hide();
  }

  press(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") this.hide();
    if (step === undefined || !this.all.length) return;
    event.preventDefault();
    this.show(Math.min(Math.max(this.at + step, 0), this.all.length - 1));
  }

  show(at, value = (this.all[at].start + this.all[at].end) / 2) {
    this.at = at;
    const bar = this.all[at];
    const other = this.what.versus.find(({ start, end }) => start <= value && value < end);
    const more = other ? [document.createElement("hr"), document.createTextNode(this.what.versusWord), ...said(other)] : [];
    this.node.replaceChildren(...said(bar), ...more);
    const { left } = this.plot.over.getBoundingClientRect();
    const place = this.node.parentElement.getBoundingClientRect();
    const middle = left - place.left + this.plot.valToPos((Math.max(bar.start, this.what.from) + Math.min(bar.end, this.what.to)) / 2, "x");
    const width = this.node.offsetWidth;
    const room = place.width - width;
    const beside = middle + 12 <= room ? middle + 12 : middle - width - 12;
    this.node.style.left = `${Math.max(0, Math.min(beside, room))}px`;
  }

  hide() {
    this.at = -1;
    this.node.replaceChildren();
  }
}

const nice = (value) => {
  const decade = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * decade).find((step) => step >= value) ?? value;
};

/** Draws `what` into a figure: own, within, versus (bars), from, to, zone, kind, highest. */
export function chart(figure, what) {
  const place = document.createElement("div");
  place.className = "plot";
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", `${figure.querySelector("figcaption").textContent}. ${what.keys}`);
  figure.append(place);
  const hue = (name) => () => colours()[name];
  const lines = { stroke: hue("soft"), font: FONT, grid: { stroke: hue("edge"), width: 1 }, ticks: { stroke: hue("edge"), width: 1, size: 4 } };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: what.isTall ? 300 : 164,
      ...(what.zone && { tzDate: (at) => uPlot.tzDate(new Date(at * 1000), what.zone) }),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      select: { show: false },
      scales: { x: { time: Boolean(what.zone), range: [what.from, what.to] }, y: { range: [0, what.highest > 0 ? nice(what.highest) : 1] } },
      axes: [
        { ...lines, grid: { show: false }, size: 28, space: what.zone ? 72 : 40, ...(what.zone && { values: timeAxis(what) }), ...(!what.zone && { label: figure.dataset.unit, labelFont: FONT, labelSize: 18 }) },
        { ...lines, size: 52, space: 36, label: figure.dataset.per ?? figure.dataset.unit ?? "", labelFont: FONT, labelSize: (figure.dataset.per ?? figure.dataset.unit) ? 16 : 0 },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [(self) => new Painter(self, what).paint()] },
    },
    [[what.from, what.to], [0, 0]],
    place,
  );
  new Tip(place, plot, what);
  charts.add(plot);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: plot.height })).observe(place);
}

const repaint = () => charts.forEach((plot) => plot.redraw(false, true));
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
