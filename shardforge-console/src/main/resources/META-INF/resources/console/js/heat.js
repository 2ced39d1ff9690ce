import { h } from "./dom.js";
import { rate } from "./format.js";

/** Moments that a row shows, an hour together. */
export const SLOTS = 360;

/** How long a moment is: what nodes measure in. */
export const SLOT_SECONDS = 10;

/** Rows that are drawn: the busiest shards, in the order of their keys. */
const ROWS_MAX = 60;

/** The moments at which a shard was asked anything, as "moment:requests …", by shard. */
export const LOADS = `SELECT substr(labels, 7) AS shard_id, string_agg(slot || ':' || round(load), ' ') AS moments
  FROM (SELECT labels, $1::int - 1 - extract(epoch FROM now() - at)::int / $2::int AS slot, max(value) AS load
    FROM shardforge.metric_history('shardforge_shard_requests_per_second') GROUP BY 1, 2) s
  WHERE load >= 0.5 AND slot >= 0 GROUP BY labels`;

/** Requests of each shard over time: a row a shard in the order of keys, a column a moment; the fuller the color, the more. */
export class HeatMap {
  constructor() {
    this.rows = new Map();
    this.list = h("div.heat", { role: "list" });
    this.scale = h("p.muted", null, "Nodes measure every ten seconds.");
    this.element = h("div", null, this.list, this.scale);
  }

  /** Draws shards in the order of their keys, and what LOADS tells of them. */
  update(shards, loads) {
    const moments = new Map(loads.map((row) => [row.shard_id, row.moments.split(" ").map((moment) => moment.split(":").map(Number))]));
    const sum = (shard) => (moments.get(shard.shard_id) ?? []).reduce((total, [, load]) => total + load, 0);
    const busiest = new Set([...shards].sort((a, b) => sum(b) - sum(a)).slice(0, ROWS_MAX));
    const drawn = shards.filter((shard) => busiest.has(shard));
    const top = Math.max(1, ...[...moments.values()].flat().map(([, load]) => load));
    this.list.replaceChildren(...drawn.map((shard) => this.row(shard, moments.get(shard.shard_id) ?? [], top)));
    this.scale.textContent = `The fullest color is ${rate(top)} requests per second.`
      + (drawn.length < shards.length ? ` The ${drawn.length} busiest of ${shards.length} shards are shown.` : "");
  }

  row(shard, moments, top) {
    const name = `${shard.shard_id}: ${shard.first_key}`;
    let row = this.rows.get(shard.shard_id);
    if (!row) {
      const canvas = h("canvas", { width: SLOTS, height: 1, role: "img" });
      row = { canvas, label: h("span.name", null), now: h("span.muted", null) };
      row.element = h("div.row", { role: "listitem" }, row.label, canvas, row.now);
      this.rows.set(shard.shard_id, row);
    }
    const now = `${rate(shard.requests_per_second)}/s`;
    row.label.textContent = name;
    row.label.title = name;
    row.now.textContent = now;
    row.canvas.setAttribute("aria-label", `${name}: ${now} now`);
    const [red, green, blue] = getComputedStyle(document.documentElement).getPropertyValue("--heat").trim().split(" ");
    const pen = row.canvas.getContext("2d");
    pen.clearRect(0, 0, SLOTS, 1);
    for (const [slot, load] of moments) {
      pen.fillStyle = `rgb(${red} ${green} ${blue} / ${0.08 + 0.92 * (load / top)})`;
      pen.fillRect(slot, 0, 1, 1);
    }
    return row.element;
  }
}
