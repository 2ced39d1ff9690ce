import { run } from "../api.js";
import { h, tell } from "../dom.js";
import { count, millis } from "../format.js";
import { number, Table } from "../table.js";

const STATEMENTS = `SELECT s.queryid, s.query, d.datname, r.rolname, s.calls, s.rows, s.total_exec_time, s.mean_exec_time, s.max_exec_time,
    s.stddev_exec_time, s.mean_plan_time
  FROM pg_stat_statements s LEFT JOIN pg_database d ON d.oid = s.dbid LEFT JOIN pg_roles r ON r.oid = s.userid
  ORDER BY s.total_exec_time DESC LIMIT 500`;

/** What was run, how often, how long it took, and its plan. */
export const statements = {
  path: "statements",
  title: "Statements",
  every: 3000,
  open({ user, refresh }) {
    const explain = async (row) => {
      try {
        const plan = await run(`EXPLAIN (GENERIC_PLAN) ${row.query}`, [], { database: row.datname });
        tell("Plan", h("pre", null, plan.map((line) => line["QUERY PLAN"]).join("\n")));
      } catch (error) {
        tell("There is no plan to show", error.toString(), "error");
      }
    };
    const time = (name, key) => ({ name, of: (row) => millis(row[key]), sort: (row) => number(row[key]), number: true });
    const table = new Table({
      label: "statements",
      key: (row) => `${row.queryid} ${row.datname} ${row.rolname}`,
      order: { column: 4, down: true },
      columns: [
        { name: "Statement", of: (row) => row.query, code: true },
        { name: "Database", of: (row) => row.datname },
        { name: "Role", of: (row) => row.rolname },
        { name: "Calls", of: (row) => count(row.calls), sort: (row) => number(row.calls), number: true },
        time("Total", "total_exec_time"),
        time("Mean", "mean_exec_time"),
        time("Max", "max_exec_time"),
        { name: "Rows", of: (row) => count(row.rows), sort: (row) => number(row.rows), number: true },
        { name: "", of: (row) => h("button", { click: () => explain(row) }, "plan") },
      ],
    });
    const reset = user.superuser && h("button", {
      click: async () => {
        try {
          await run("SELECT pg_stat_statements_reset()");
        } catch (error) {
          tell("The statistics were not reset", error.toString(), "error");
        }
        refresh();
      },
    }, "Begin anew");
    return {
      element: h("section.panel", null, h("div.tools", null, reset), table.element),
      statements: () => [[STATEMENTS]],
      show: ([rows]) => table.update(rows),
    };
  },
};
