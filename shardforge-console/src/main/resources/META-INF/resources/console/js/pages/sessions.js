import { run } from "../api.js";
import { confirm, h, state, tell } from "../dom.js";
import { seconds } from "../format.js";
import { number, Table } from "../table.js";

const SESSIONS = `SELECT node_id, pid, datname, usename, application_name, client_addr, state, wait_event_type, wait_event, query,
    extract(epoch FROM now() - query_start) AS query_seconds, extract(epoch FROM now() - xact_start) AS transaction_seconds
  FROM shardforge.sessions WHERE pid <> pg_backend_pid()`;

/** The sessions of all nodes: what they run, what they wait for, how long their transactions are open. */
export const sessions = {
  path: "sessions",
  title: "Sessions",
  every: 2000,
  open({ refresh }) {
    const stop = async (row, call, title, text) => {
      if (await confirm({ title, text, action: title.split(" ")[0], danger: true })) {
        try {
          await run(`SELECT ${call}($1::int)`, [row.pid]);
        } catch (error) {
          tell("The session goes on", error.toString(), "error");
        }
        refresh();
      }
    };
    const table = new Table({
      label: "sessions",
      key: (row) => row.pid,
      empty: "no sessions",
      columns: [
        { name: "Node", of: (row) => row.node_id, sort: (row) => number(row.node_id), number: true },
        { name: "Process", of: (row) => row.pid, sort: (row) => number(row.pid), number: true },
        { name: "Database", of: (row) => row.datname },
        { name: "Role", of: (row) => row.usename },
        { name: "Application", of: (row) => row.application_name },
        { name: "Client", of: (row) => row.client_addr },
        {
          name: "State",
          of: (row) => (row.wait_event_type === "Lock" ? state("waits for a lock", "warn") : row.state),
          sort: (row) => row.state,
        },
        { name: "Statement for", of: (row) => (row.state === "active" ? seconds(row.query_seconds) : ""), sort: (row) => number(row.query_seconds), number: true },
        { name: "Transaction for", of: (row) => seconds(row.transaction_seconds), sort: (row) => number(row.transaction_seconds), number: true },
        { name: "Statement", of: (row) => row.query, code: true },
        {
          name: "",
          of: (row) => h("span", null,
            h("button", {
              click: () => stop(row, "pg_cancel_backend", `Cancel the statement of process ${row.pid}?`, row.query),
              disabled: row.state !== "active",
            }, "cancel"),
            h("button.danger", {
              click: () => stop(row, "pg_terminate_backend", `End the session of process ${row.pid}?`,
                `${row.usename ?? ""} from ${row.client_addr ?? "this node"}: its transaction is rolled back and its connection closed.`),
            }, "end")),
        },
      ],
    });
    return {
      element: h("section.panel", null, table.element),
      statements: () => [[SESSIONS]],
      show: ([rows]) => table.update(rows),
    };
  },
};
