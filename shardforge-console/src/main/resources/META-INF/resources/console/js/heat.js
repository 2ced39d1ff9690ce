import { h } from "./dom.js";
import { rate } from "./format.js";

/** Moments that a row shows. */
const MOMENTS = 150;

/** Rows that are drawn: the busiest shards, in the order of their keys. */
const ROWS_MAX = 60;

/** Requests of each shard over time: a row a shard in the order of keys, a column a moment; the fuller the color, the more. */
export class HeatMap {
  constructor() {
    this.history = new Map();
    this.rows = new Map();
    this.list = h("div.heat", { role: "list" });
    this.scale = h("p.muted", null);
    this.element = h("div", null, this.list, this.scale);
  }

  update(shards) {
    for (const shard of shards) {
      const moments = this.history.get(shard.shard_id) ?? [];
      moments.push(Number(shard.requests_per_second ?? 0));
      if (moments.length > MOMENTS) {
        moments.shift();
      }
      this.history.set(shard.shard_id, moments);
    }
    const known = new Set(shards.map((shard) => shard.shard_id));
    [...this.history.keys()].filter((id) => !known.has(id)).forEach((id) => this.history.delete(id));
    const load = (shard) => this.history.get(shard.shard_id).reduce((sum, value) => sum + value, 0);
    const busiest = new Set([...shards].sort((a, b) => load(b) - load(a)).slice(0, ROWS_MAX));
    const drawn = shards.filter((shard) => busiest.has(shard));
    const top = Math.max(1, ...drawn.flatMap((shard) => this.history.get(shard.shard_id)));
    this.list.replaceChildren(...drawn.map((shard) => this.row(shard, top)));
    this.scale.textContent = `The fullest color is ${rate(top)} requests per second.`
      + (drawn.length < shards.length ? ` The ${drawn.length} busiest of ${shards.length} shards are shown.` : "");
  }

  row(shard, top) {
    const moments = this.history.get(shard.shard_id);
    const name = `${shard.shard_id}: ${shard.first_key}`;
    let row = this.rows.get(shard.shard_id);
    if (!row) {
      const canvas = h("canvas", { width: MOMENTS, height: 1, role: "img" });
      row = { canvas, label: h("span.name", null), now: h("span.muted", null) };
      row.element = h("div.row", { role: "listitem" }, row.label, canvas, row.now);
      this.rows.set(shard.shard_id, row);
    }
    row.label.textContent = name;
    row.label.title = name;
    row.now.textContent = `${rate(moments.at(-1))}/s`;
    row.canvas.setAttribute("aria-label", `${name}: ${rate(moments.at(-1))} requests per second now`);
    const [red, green, blue] = getComputedStyle(document.documentElement).getPropertyValue("--heat").trim().split(" ");
    const pen = row.canvas.getContext("2d");
    pen.clearRect(0, 0, MOMENTS, 1);
    moments.forEach((value, i) => {
      if (value > 0) {
        pen.fillStyle = `rgb(${red} ${green} ${blue} / ${0.08 + 0.92 * (value / top)})`;
        pen.fillRect(MOMENTS - moments.length + i, 0, 1, 1);
      }
    });
    return row.element;
  }
}
