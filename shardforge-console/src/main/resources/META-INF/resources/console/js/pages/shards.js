import { run } from "../api.js";
import { confirm, h, state, tell } from "../dom.js";
import { array, bytes, rate } from "../format.js";
import { number, Table } from "../table.js";
import { HeatMap, LOADS, SLOT_SECONDS, SLOTS } from "../heat.js";

/** The shards: where their replicas are, how large and how busy they are, over the key space and over time. */
export const shards = {
  path: "shards",
  title: "Shards",
  every: 2000,
  open({ user, refresh }) {
    const heat = new HeatMap();
    const move = async (row) => {
      const wanted = await confirm({
        title: `Move a replica of shard ${row.shard_id}`,
        text: `It has replicas on the nodes ${array(row.replicas).join(", ")}.`,
        action: "Move",
        fields: [
          { name: "from", label: "From node", options: array(row.replicas).map((node) => [node, node]) },
          { name: "to", label: "To node", type: "number" },
        ],
      });
      if (wanted) {
        try {
          await run("SELECT shardforge.move_replica($1::bigint, $2::int, $3::int)", [row.shard_id, wanted.from, wanted.to]);
        } catch (error) {
          tell("The shard was not moved", error.toString(), "error");
        }
        refresh();
      }
    };
    const table = new Table({
      label: "shards",
      key: (row) => row.shard_id,
      columns: [
        { name: "Shard", of: (row) => row.shard_id, sort: (row) => number(row.shard_id), number: true },
        { name: "From", of: (row) => row.first_key, sort: (row) => row.first_key_hex },
        { name: "Tables", of: (row) => array(row.tables).join(", ") },
        { name: "State", of: (row) => state(row.state, row.state === "healthy" ? "good" : row.state === "degraded" ? "warn" : "bad"), sort: (row) => row.state },
        { name: "Replicas", of: (row) => array(row.replicas).join(", ") },
        { name: "Leader", of: (row) => row.leader_node, sort: (row) => number(row.leader_node), number: true },
        { name: "Size", of: (row) => bytes(row.size_bytes), sort: (row) => number(row.size_bytes), number: true },
        { name: "Requests/s", of: (row) => rate(row.requests_per_second), sort: (row) => number(row.requests_per_second), number: true },
        ...(user.superuser ? [{ name: "", of: (row) => h("button", { click: () => move(row) }, "move") }] : []),
      ],
    });
    let heatAt = -Infinity;
    return {
      element: h("div", null,
        h("section.panel", null, h("h2", null, "Requests over the key space and the past hour"), heat.element),
        h("section.panel", null, table.element)),
      statements: () => [
        ["SELECT * FROM shardforge.shards ORDER BY first_key_hex"],
        ...(performance.now() - heatAt > SLOT_SECONDS * 1000 ? [[LOADS, String(SLOTS), String(SLOT_SECONDS)]] : []),
      ],
      show([rows, loads]) {
        table.update(rows);
        if (loads && !(loads instanceof Error) && !(rows instanceof Error)) {
          heatAt = performance.now();
          heat.update(rows, loads);
        }
      },
    };
  },
};
