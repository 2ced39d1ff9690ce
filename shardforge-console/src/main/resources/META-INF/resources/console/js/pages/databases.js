import { run } from "../api.js";
import { h } from "../dom.js";
import { bytes, count } from "../format.js";
import { number, Table } from "../table.js";

const DATABASES = `SELECT d.datname, r.rolname AS owner, pg_database_size(d.oid) AS bytes, s.numbackends, s.xact_commit, s.xact_rollback, s.deadlocks
  FROM pg_database d LEFT JOIN pg_roles r ON r.oid = d.datdba LEFT JOIN pg_stat_database s ON s.datid = d.oid
  WHERE d.datallowconn ORDER BY d.datname`;
const TABLES = `SELECT c.oid, n.nspname, c.relname, c.reltuples, pg_table_size(c.oid) AS bytes, pg_indexes_size(c.oid) AS index_bytes,
    s.seq_scan, s.idx_scan, s.n_tup_ins, s.n_tup_upd, s.n_tup_del, coalesce(s.last_analyze, s.last_autoanalyze) AS analyzed
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'shardforge')
  ORDER BY n.nspname, c.relname`;

/** The databases, and the tables of one of them. */
export const databases = {
  path: "databases",
  title: "Databases",
  every: 5000,
  open({ query }) {
    const chosen = query.get("name");
    const list = new Table({
      label: "databases",
      key: (row) => row.datname,
      filter: false,
      columns: [
        { name: "Database", of: (row) => h("a", { href: `#/databases?name=${encodeURIComponent(row.datname)}`, "aria-current": row.datname === chosen ? "true" : null }, row.datname), sort: (row) => row.datname },
        { name: "Owner", of: (row) => row.owner },
        { name: "Size", of: (row) => bytes(row.bytes), sort: (row) => number(row.bytes), number: true },
        { name: "Sessions", of: (row) => count(row.numbackends), sort: (row) => number(row.numbackends), number: true },
        { name: "Commits", of: (row) => count(row.xact_commit), sort: (row) => number(row.xact_commit), number: true },
        { name: "Rollbacks", of: (row) => count(row.xact_rollback), sort: (row) => number(row.xact_rollback), number: true },
        { name: "Deadlocks", of: (row) => count(row.deadlocks), sort: (row) => number(row.deadlocks), number: true },
      ],
    });
    const tables = new Table({
      label: "tables",
      key: (row) => row.oid,
      empty: "no tables",
      link: (row) => `#/table?database=${encodeURIComponent(chosen)}&oid=${row.oid}`,
      columns: [
        { name: "Schema", of: (row) => row.nspname },
        { name: "Table", of: (row) => h("a", { href: `#/table?database=${encodeURIComponent(chosen)}&oid=${row.oid}` }, row.relname), sort: (row) => row.relname },
        { name: "Rows", of: (row) => (Number(row.reltuples) < 0 ? "not analyzed" : count(row.reltuples)), sort: (row) => number(row.reltuples), number: true },
        { name: "Size", of: (row) => bytes(row.bytes), sort: (row) => number(row.bytes), number: true },
        { name: "Indexes", of: (row) => bytes(row.index_bytes), sort: (row) => number(row.index_bytes), number: true },
        { name: "Scans", of: (row) => count(row.seq_scan), sort: (row) => number(row.seq_scan), number: true },
        { name: "By index", of: (row) => count(row.idx_scan), sort: (row) => number(row.idx_scan), number: true },
        { name: "Written", of: (row) => count(Number(row.n_tup_ins) + Number(row.n_tup_upd) + Number(row.n_tup_del)), number: true, sort: (row) => Number(row.n_tup_ins) + Number(row.n_tup_upd) + Number(row.n_tup_del) },
        { name: "Analyzed", of: (row) => row.analyzed?.slice(0, 19) },
      ],
    });
    return {
      element: h("div", null,
        h("section.panel", null, list.element),
        chosen && h("section.panel", null, h("h2", null, `Tables of ${chosen}`), tables.element)),
      statements: () => [[DATABASES]],
      async show([rows]) {
        list.update(rows);
        if (chosen) {
          tables.update(await run(TABLES, [], { database: chosen }).catch((error) => error));
        }
      },
    };
  },
};
