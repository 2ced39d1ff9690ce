import { h, s } from "./dom.js";

const COLORS = ["#3b82c4", "#e08a3c", "#4aa564", "#b35fc0", "#c8504b", "#7a8794", "#2aa5a0", "#a68a2b"];

/** Lines over time: series is [{name, points: [[millis, value]]}]; told in words to those who do not see it. */
export class Chart {
  constructor({ title, format }) {
    this.format = format;
    this.title = title;
    this.svg = s("svg", { class: "chart", viewBox: "0 0 600 130", preserveAspectRatio: "none", role: "img" });
    this.legend = h("div.legend", null);
    this.range = h("span.muted", null);
    this.element = h("section.panel", null, h("h2", null, title, " ", this.range), this.svg, this.legend);
  }

  update(series) {
    const points = series.flatMap((each) => each.points);
    const known = points.map(([, value]) => value).filter((value) => value !== null);
    const top = Math.max(...known, 1e-9);
    const from = Math.min(...points.map(([at]) => at));
    const to = Math.max(...points.map(([at]) => at), from + 1);
    const x = (at) => ((at - from) / (to - from)) * 600;
    const y = (value) => 125 - (value / top) * 118;
    const lines = [25, 50, 75].map((part) => s("line", { x1: 0, x2: 600, y1: 125 - part * 1.18, y2: 125 - part * 1.18 }));
    const paths = series.map((each, i) => s("path", {
      stroke: COLORS[i % COLORS.length],
      d: each.points.reduce(({ d, drawn }, [at, value]) => (value === null
        ? { d, drawn: false }
        // A line of no length is a dot, for a point between two gaps.
        : { d: `${d}${drawn ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}${drawn ? "" : "h0"}`, drawn: true }), { d: "", drawn: false }).d,
    }));
    this.svg.replaceChildren(...lines, ...paths);
    const last = series.map((each) => `${each.name} ${this.format(each.points.findLast(([, value]) => value !== null)?.[1] ?? 0)}`);
    this.svg.setAttribute("aria-label", `${this.title}: ${last.join(", ")}`);
    this.legend.replaceChildren(...series.map((each, i) => {
      const color = h("i", null);
      color.style.background = COLORS[i % COLORS.length];
      return h("span", null, color, last[i]);
    }));
    this.range.textContent = known.length ? `up to ${this.format(top)}` : "nothing yet";
  }
}
