import { bar, h, state } from "../dom.js";
import { array, bytes, count, seconds } from "../format.js";
import { Table } from "../table.js";

/** What runs in the background: schema changes, copies of shards. */
export const jobs = {
  path: "jobs",
  title: "Jobs",
  every: 2000,
  open() {
    const table = new Table({
      label: "jobs",
      key: (row) => row.id ?? `${row.kind} ${row.shard_id} ${row.to_nodes}`,
      empty: "no jobs",
      columns: [
        { name: "Kind", of: (row) => row.kind },
        { name: "Of", of: (row) => row.constraint_name ?? row.index_name ?? row.table_name ?? `shard ${row.shard_id}: ${array(row.from_nodes).join(", ")} → ${array(row.to_nodes).join(", ")}` },
        { name: "State", of: (row) => (row.error ? state(row.error, "bad") : row.state), sort: (row) => row.state },
        { name: "Node", of: (row) => row.node_id, number: true },
        { name: "Done", of: (row) => done(row) },
        { name: "Running", of: (row) => seconds(row.running_seconds), number: true },
        { name: "Left", of: (row) => seconds(row.estimated_seconds_left), number: true },
      ],
    });
    return {
      element: h("section.panel", null, table.element),
      statements: () => [["SELECT * FROM shardforge.jobs"]],
      show: ([rows]) => table.update(rows),
    };
  },
};

function done(row) {
  const [part, whole, told] = row.rows_total === null
    ? [row.bytes_done, row.bytes_total, bytes]
    : [row.rows_done, row.rows_total, (value) => `${count(value)} rows`];
  if (part === null) {
    return "";
  }
  return h("div", null, whole === null ? told(part) : `${told(part)} of ${told(whole)}`, whole !== null && Number(whole) > 0 ? bar(part / whole) : "");
}
