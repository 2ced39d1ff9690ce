import { h, state } from "../dom.js";
import { bytes, count, millis, rate } from "../format.js";
import { nodeState } from "./nodes.js";

const STATEMENTS = [
  ["SELECT * FROM shardforge.nodes ORDER BY node_id"],
  [`SELECT state, count(*) AS shards, sum(size_bytes) AS bytes, sum(requests_per_second) AS requests
    FROM shardforge.shards GROUP BY state`],
  [`SELECT count(*) FILTER (WHERE state = 'active') AS active, count(*) AS sessions,
      count(*) FILTER (WHERE wait_event_type = 'Lock') AS waiting FROM shardforge.sessions`],
  ["SELECT count(*) AS jobs FROM shardforge.jobs"],
  ["SELECT count(*) AS findings FROM shardforge.scrub_findings"],
  ["SELECT count(*) AS firing FROM shardforge.alerts WHERE state = 'firing'"],
  [`SELECT query, calls, mean_exec_time FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 5`],
];

/** Whether all is well, at a glance. */
export const overview = {
  path: "overview",
  title: "Overview",
  every: 2000,
  open() {
    const tiles = h("div.tiles", null);
    const map = h("div.nodes", null);
    const top = h("tbody", null);
    const health = h("p", { role: "status" });
    return {
      element: h("div", null,
        health, tiles,
        h("section.panel", null, h("h2", null, "Nodes"), map),
        h("section.panel", null, h("h2", null, "Where the time goes"),
          h("div.scroll", null, h("table", null,
            h("thead", null, h("tr", null, h("th", null, "Statement"), h("th.number", null, "Calls"), h("th.number", null, "Mean"))), top)),
          h("p", null, h("a", { href: "#/statements" }, "All statements")))),
      statements: () => STATEMENTS,
      show([nodes, shards, sessions, jobs, findings, alerts, heavy]) {
        const troubles = [];
        if (nodes instanceof Error) {
          troubles.push(nodes.toString());
        } else {
          const down = nodes.filter((node) => node.state !== "live");
          down.forEach((node) => troubles.push(`node ${node.node_id} is ${node.state}`));
          map.replaceChildren(...places(nodes));
        }
        if (!(shards instanceof Error)) {
          shards.filter((row) => row.state !== "healthy").forEach((row) => troubles.push(`${row.shards} shards: ${row.state}`));
        }
        if (!(findings instanceof Error) && Number(findings[0].findings) > 0) {
          troubles.push(`${findings[0].findings} findings of damaged data (shardforge.scrub_findings)`);
        }
        health.replaceChildren(troubles.length
          ? state(troubles.join("; "), "bad")
          : state("Every node is live and every shard has all its replicas.", "good"));
        const sum = (rows, name) => (rows instanceof Error ? null : rows.reduce((total, row) => total + Number(row[name] ?? 0), 0));
        tiles.replaceChildren(
          tile("Nodes live", nodes instanceof Error ? "?" : `${nodes.filter((node) => node.state === "live").length} of ${nodes.length}`, "#/nodes"),
          tile("Alerts", alerts instanceof Error ? "?" : alerts[0].firing, "#/alerts"),
          tile("Shards", count(sum(shards, "shards")), "#/shards"),
          tile("Data", bytes(sum(shards, "bytes")), "#/databases"),
          tile("Requests per second", rate(sum(shards, "requests")), "#/shards"),
          tile("Sessions active", sessions instanceof Error ? "?" : `${sessions[0].active} of ${sessions[0].sessions}`, "#/sessions"),
          tile("Waiting for locks", sessions instanceof Error ? "?" : sessions[0].waiting, "#/locks"),
          tile("Jobs running", jobs instanceof Error ? "?" : jobs[0].jobs, "#/jobs"));
        top.replaceChildren(...(heavy instanceof Error ? [] : heavy).map((row) => h("tr", null,
          h("td.code", null, row.query), h("td.number", null, count(row.calls)), h("td.number", null, millis(row.mean_exec_time)))));
      },
    };
  },
};

function tile(name, value, link) {
  return h("a.tile", { href: link }, h("span.muted", null, name), h("b", null, value));
}

/** The nodes by where they stand. */
function places(nodes) {
  const byPlace = Map.groupBy(nodes, (node) => node.locality ?? "");
  return [...byPlace].map(([place, inIt]) => h("section", place ? { "aria-label": place } : null,
    place && h("h2.muted", null, place),
    h("div.nodes", null, inIt.map((node) => {
      const { text, kind } = nodeState(node);
      const leaders = Number(node.leaders ?? 0);
      const replicas = Number(node.replicas ?? 0);
      return h(`div.node.${kind}`, null,
        h("b", null, `Node ${node.node_id}`), " ", state(text, kind),
        h("div.muted", null, node.sql_address ?? node.address),
        h("div", null, `${count(replicas)} replicas, leads ${count(leaders)}`));
    }))));
}
