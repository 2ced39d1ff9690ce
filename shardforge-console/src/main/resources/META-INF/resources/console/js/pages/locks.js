import { h, state } from "../dom.js";
import { array, seconds } from "../format.js";
import { number, Table } from "../table.js";

const WAITS = `SELECT a.pid, a.usename, a.query, pg_blocking_pids(a.pid) AS blockers,
    extract(epoch FROM now() - a.query_start) AS waiting
  FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock'`;
const LOCKS = `SELECT l.locktype, d.datname, l.relation::text AS relation, l.classid, l.objid, l.transactionid, l.pid, l.mode, l.granted,
    extract(epoch FROM now() - l.waitstart) AS waiting
  FROM pg_locks l LEFT JOIN pg_database d ON d.oid = l.database`;

/** Who waits for whom, and the locks. */
export const locks = {
  path: "locks",
  title: "Locks",
  every: 2000,
  open() {
    const waits = new Table({
      label: "waits",
      key: (row) => row.pid,
      filter: false,
      empty: "nobody waits",
      columns: [
        { name: "Process", of: (row) => row.pid, number: true, sort: (row) => number(row.pid) },
        { name: "Role", of: (row) => row.usename },
        { name: "Waits for", of: (row) => array(row.blockers).join(", ") },
        { name: "Since", of: (row) => seconds(row.waiting), sort: (row) => number(row.waiting), number: true },
        { name: "Statement", of: (row) => row.query, code: true },
      ],
    });
    const table = new Table({
      label: "locks",
      key: (row) => Object.values(row).slice(0, 8).join(" "),
      empty: "no locks",
      columns: [
        { name: "Kind", of: (row) => row.locktype },
        { name: "Database", of: (row) => row.datname },
        { name: "Relation", of: (row) => row.relation },
        { name: "Object", of: (row) => row.transactionid ?? (row.objid === null ? "" : `${row.classid} ${row.objid}`) },
        { name: "Process", of: (row) => row.pid, number: true, sort: (row) => number(row.pid) },
        { name: "Mode", of: (row) => row.mode },
        { name: "State", of: (row) => (row.granted === "t" ? state("held", "good") : state("waits", "warn")), sort: (row) => row.granted },
      ],
    });
    return {
      element: h("div", null,
        h("section.panel", null, h("h2", null, "Who waits for whom"), waits.element),
        h("section.panel", null, h("h2", null, "Locks"), table.element)),
      statements: () => [[WAITS], [LOCKS]],
      show([waiting, held]) {
        waits.update(waiting);
        table.update(held);
      },
    };
  },
};
