import { h, state } from "../dom.js";
import { array, count, millis, seconds } from "../format.js";
import { number, Table } from "../table.js";

const SLOW = `SELECT s.queryid, s.query, d.datname, s.calls, s.mean_exec_time, s.max_exec_time, s.total_exec_time,
    s.rows / greatest(s.calls, 1) AS rows_per_call
  FROM pg_stat_statements s LEFT JOIN pg_database d ON d.oid = s.dbid
  ORDER BY s.mean_exec_time DESC LIMIT 100`;
const SESSIONS = `SELECT node_id, pid, usename, state, wait_event_type, wait_event, query,
    extract(epoch FROM now() - query_start) AS query_seconds, extract(epoch FROM now() - xact_start) AS transaction_seconds
  FROM shardforge.sessions WHERE pid <> pg_backend_pid() AND state <> 'idle'`;
const BLOCKED = `SELECT a.pid, pg_blocking_pids(a.pid) AS blockers, extract(epoch FROM now() - a.query_start) AS waiting, a.query
  FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock'`;
const CONFLICTS = `SELECT name, labels, sum(value) AS value FROM shardforge.metrics()
  WHERE name IN ('shardforge_sql_restarts_total', 'shardforge_sql_errors_total', 'shardforge_deadlocks_total',
    'shardforge_lock_wait_seconds_count', 'shardforge_lock_wait_seconds_sum', 'shardforge_raft_commands_refused_total')
  GROUP BY 1, 2 HAVING sum(value) > 0 ORDER BY 1, 2`;

/** What the names of metrics mean here. */
const WORDS = {
  shardforge_sql_restarts_total: "statements run again by the server",
  shardforge_sql_errors_total: "statements failed",
  shardforge_deadlocks_total: "deadlocks ended",
  shardforge_lock_wait_seconds_count: "waits for row locks",
  shardforge_lock_wait_seconds_sum: "time waited for row locks",
  shardforge_raft_commands_refused_total: "writes refused: too many waited",
};
const LONG_STATEMENT_SECONDS = 10;
const IDLE_TRANSACTION_SECONDS = 60;
const UNEVEN_FACTOR = 20;
const UNEVEN_MILLIS = 1000;

/** What takes time and why: slow statements, waits and conflicts. */
export const insights = {
  path: "insights",
  title: "Insights",
  every: 3000,
  open() {
    const findings = h("ul", { "aria-label": "findings" });
    const slow = new Table({
      label: "slow statements",
      key: (row) => `${row.queryid} ${row.datname}`,
      columns: [
        { name: "Statement", of: (row) => row.query, code: true },
        { name: "Database", of: (row) => row.datname },
        { name: "Mean", of: (row) => millis(row.mean_exec_time), sort: (row) => number(row.mean_exec_time), number: true },
        { name: "Max", of: (row) => millis(row.max_exec_time), sort: (row) => number(row.max_exec_time), number: true },
        { name: "Calls", of: (row) => count(row.calls), sort: (row) => number(row.calls), number: true },
        { name: "Rows a call", of: (row) => count(row.rows_per_call), sort: (row) => number(row.rows_per_call), number: true },
      ],
    });
    const waits = new Table({
      label: "what runs and waits",
      key: (row) => row.pid,
      filter: false,
      empty: "nothing runs",
      columns: [
        { name: "Node", of: (row) => row.node_id, number: true },
        { name: "Process", of: (row) => row.pid, number: true },
        { name: "State", of: (row) => row.state },
        { name: "Waits for", of: (row) => (row.wait_event ? `${row.wait_event_type}: ${row.wait_event}` : "") },
        { name: "Held up by", of: (row) => row.blockers },
        { name: "Transaction for", of: (row) => seconds(row.transaction_seconds), sort: (row) => number(row.transaction_seconds), number: true },
        { name: "Statement", of: (row) => row.query, code: true },
      ],
    });
    const conflicts = new Table({
      label: "conflicts",
      key: (row) => `${row.name} ${row.labels}`,
      filter: false,
      empty: "none since the nodes started",
      columns: [
        { name: "What", of: (row) => WORDS[row.name] ?? row.name },
        { name: "Which", of: (row) => row.labels },
        { name: "How much", of: (row) => (row.name.endsWith("_sum") ? seconds(row.value) : count(Math.round(row.value))), sort: (row) => number(row.value), number: true },
      ],
    });
    return {
      element: h("div", null,
        h("section.panel", null, h("h2", null, "What stands out"), findings),
        h("section.panel", null, h("h2", null, "Runs and waits now"), waits.element),
        h("section.panel", null, h("h2", null, "Conflicts since the nodes started"), conflicts.element),
        h("section.panel", null, h("h2", null, "Slow statements"), slow.element)),
      statements: () => [[SLOW], [SESSIONS], [BLOCKED], [CONFLICTS]],
      show([statements, sessions, blocked, counted]) {
        const waiting = blocked instanceof Error ? [] : blocked;
        const held = new Map(waiting.map((row) => [row.pid, array(row.blockers).join(", ")]));
        if (!(sessions instanceof Error)) {
          sessions.forEach((row) => { row.blockers = held.get(row.pid) ?? ""; });
        }
        waits.update(sessions);
        conflicts.update(counted);
        slow.update(statements);
        const list = found(statements instanceof Error ? [] : statements, sessions instanceof Error ? [] : sessions, waiting);
        findings.replaceChildren(...(list.length ? list : [state("Nothing does.", "good")]).map((one) => h("li", null, one)));
      },
    };
  },
};

/** What deserves a look, each as an element. */
function found(statements, sessions, waiting) {
  const list = [];
  for (const row of waiting) {
    list.push(state(`Process ${row.pid} has waited ${seconds(row.waiting)} for a lock of ${array(row.blockers).join(", ") || "another"}.`, "warn"));
  }
  for (const row of sessions) {
    if (row.state.startsWith("idle in transaction") && Number(row.transaction_seconds) >= IDLE_TRANSACTION_SECONDS) {
      list.push(state(`Process ${row.pid} holds a transaction open for ${seconds(row.transaction_seconds)} and does nothing.`, "warn"));
    } else if (row.state === "active" && Number(row.query_seconds) >= LONG_STATEMENT_SECONDS) {
      list.push(state(`Process ${row.pid} has run a statement for ${seconds(row.query_seconds)}.`, "warn"));
    }
  }
  for (const row of statements) {
    if (Number(row.max_exec_time) >= UNEVEN_MILLIS && Number(row.max_exec_time) >= UNEVEN_FACTOR * Number(row.mean_exec_time)) {
      list.push(h("span", null, state(`Once ${millis(row.max_exec_time)}, on average ${millis(row.mean_exec_time)}: `, "warn"), row.query.slice(0, 120)));
    }
  }
  return list.slice(0, 20);
}
