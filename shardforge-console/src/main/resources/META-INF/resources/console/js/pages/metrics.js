import { h } from "../dom.js";
import { Chart } from "../chart.js";
import { bytes, count, millis, rate } from "../format.js";

/** Seconds shown and seconds of one point: as many points either way. */
const SPANS = { "15 minutes": [900, 10], "1 hour": [3600, 40] };

const HISTORY = `SELECT node_id, labels, (extract(epoch FROM at)::bigint / $2::int) * $2::int AS second, avg(value)::float4 AS value
  FROM shardforge.metric_history($1) WHERE at > now() - make_interval(secs => $3::int) GROUP BY 1, 2, 3 ORDER BY 3`;

/**
 * The charts: what of a metric is shown. "value" as it is, "rate" what a counter grows by each second, "mean" what a sum grows by for
 * each that is counted.
 */
const CHARTS = [
  { title: "Processors in use", metric: "process_cpu_seconds_total", of: "rate", format: (value) => value.toFixed(2) },
  { title: "Memory of the process", metric: "process_resident_memory_bytes", of: "value", format: bytes },
  { title: "Heap", metric: "shardforge_jvm_memory_bytes", of: "value", only: "area=heap", format: bytes },
  { title: "Statements per second", metric: "shardforge_sql_statement_seconds_count", of: "rate", format: rate },
  { title: "Mean time of a statement", metric: "shardforge_sql_statement_seconds_sum", per: "shardforge_sql_statement_seconds_count", of: "mean", format: time },
  { title: "Statements that failed, per second", metric: "shardforge_sql_errors_total", of: "rate", format: rate },
  { title: "Commits per second", metric: "shardforge_transactions_committed_total", of: "rate", format: rate },
  { title: "Mean wait for a lock", metric: "shardforge_lock_wait_seconds_sum", per: "shardforge_lock_wait_seconds_count", of: "mean", format: time },
  { title: "Connections", metric: "shardforge_sql_connections", of: "value", format: count },
  { title: "Memory of statements", metric: "shardforge_sql_memory_bytes", of: "value", format: bytes },
  { title: "Mean time of an entry in the log", metric: "shardforge_raft_commit_seconds_sum", per: "shardforge_raft_commit_seconds_count", of: "mean", format: time },
  { title: "Slow fsync (99th percentile)", metric: "shardforge_log_sync_seconds", of: "value", format: time },
  { title: "Changes of leaders per second", metric: "shardforge_raft_leader_changes_total", of: "rate", format: (value) => value.toFixed(2) },
  { title: "Shards led", metric: "shardforge_shards_led", of: "value", format: count },
  { title: "Space left for the store", metric: "shardforge_store_bytes", of: "value", only: "available", format: bytes },
  { title: "What compaction has to rewrite", metric: "shardforge_store_pending_compaction_bytes", of: "value", format: bytes },
  { title: "Blocks read from files per second", metric: "shardforge_cache_misses_total", of: "rate", format: rate },
  { title: "Open files", metric: "process_open_fds", of: "value", format: count },
];

/** Seconds with a fitting unit. */
function time(value) {
  return millis(value * 1000);
}

/** How the nodes have been doing, a line each. */
export const metrics = {
  path: "metrics",
  title: "Metrics",
  every: 10000,
  open({ refresh }) {
    let span = "15 minutes";
    const charts = CHARTS.map((chart) => ({ ...chart, view: new Chart(chart) }));
    const choice = h("select", { "aria-label": "Time shown", change: () => { span = choice.value; refresh(); } },
      Object.keys(SPANS).map((name) => h("option", null, name)));
    const wanted = [...new Set(CHARTS.flatMap((chart) => [chart.metric, chart.per]).filter(Boolean))];
    return {
      element: h("div", null, h("div.tools", null, "The last", choice), h("div.grid", null, charts.map((chart) => chart.view.element))),
      statements: () => wanted.map((metric) => [HISTORY, metric, String(SPANS[span][1]), String(SPANS[span][0])]),
      show(results) {
        const known = new Map(wanted.map((metric, i) => [metric, results[i] instanceof Error ? [] : results[i]]));
        for (const chart of charts) {
          const sums = byNode(known.get(chart.metric), chart.only);
          const points = chart.of === "value" ? sums : chart.of === "rate" ? growth(sums) : mean(growth(sums), growth(byNode(known.get(chart.per))));
          chart.view.update([...points].map(([node, values]) => ({ name: `node ${node}`, points: values })));
        }
      },
    };
  },
};

/** The values of a metric at each moment, of all its labels together, by node. */
function byNode(rows, only = "") {
  const nodes = new Map();
  for (const row of rows) {
    if (row.labels.includes(only)) {
      const moments = nodes.get(row.node_id) ?? new Map();
      const at = Number(row.second) * 1000;
      moments.set(at, (moments.get(at) ?? 0) + Number(row.value));
      nodes.set(row.node_id, moments);
    }
  }
  return new Map([...nodes].sort(([a], [b]) => a - b).map(([node, moments]) => [node, [...moments]]));
}

/** By how much values grow each second; nothing where a node began anew. */
function growth(nodes) {
  return new Map([...nodes].map(([node, points]) => [node, points.slice(1).map(([at, value], i) => {
    const [before, last] = points[i];
    return [at, value < last ? null : (value - last) / ((at - before) / 1000)];
  })]));
}

function mean(sums, counts) {
  return new Map([...sums].map(([node, points]) => {
    const counted = new Map(counts.get(node) ?? []);
    return [node, points.map(([at, value]) => [at, value !== null && counted.get(at) ? value / counted.get(at) : null])];
  }));
}
