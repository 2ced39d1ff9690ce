import { h } from "../dom.js";
import { bytes, percent, rate } from "../format.js";
import { number, Table } from "../table.js";

const NAME = "SELECT $1::oid::regclass::text AS name, obj_description($1::oid, 'pg_class') AS comment";
const COLUMNS = `SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) AS initial,
    s.null_frac, s.n_distinct, s.avg_width
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
  WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
const INDEXES = `SELECT i.indexrelid, pg_get_indexdef(i.indexrelid) AS definition, pg_relation_size(i.indexrelid) AS bytes, i.indisvalid, s.idx_scan
  FROM pg_index i LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = i.indexrelid WHERE i.indrelid = $1::oid`;
const CONSTRAINTS = "SELECT oid, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::oid ORDER BY contype, conname";
const SHARDS = `SELECT * FROM shardforge.shards WHERE $1::oid::regclass::text = ANY (tables) OR (SELECT relname FROM pg_class WHERE oid = $1::oid) = ANY (tables)`;

/** One table: columns with their statistics, indexes, constraints, shards. */
export const table = {
  path: "table",
  title: "Table",
  hidden: true,
  every: 5000,
  open({ query }) {
    const oid = query.get("oid");
    const head = h("p.muted", null);
    const columns = new Table({
      label: "columns",
      key: (row) => row.attnum,
      filter: false,
      columns: [
        { name: "Column", of: (row) => row.attname },
        { name: "Type", of: (row) => row.type },
        { name: "Null", of: (row) => (row.attnotnull === "t" ? "not null" : row.null_frac === null ? "" : percent(row.null_frac)) },
        { name: "Default", of: (row) => row.initial },
        { name: "Different values", of: (row) => (row.n_distinct === null ? "" : Number(row.n_distinct) < 0 ? `${percent(-row.n_distinct)} of the rows` : row.n_distinct), number: true },
        { name: "Width", of: (row) => (row.avg_width === null ? "" : `${row.avg_width} B`), number: true },
      ],
    });
    const indexes = new Table({
      label: "indexes",
      key: (row) => row.indexrelid,
      filter: false,
      empty: "no indexes",
      columns: [
        { name: "Index", of: (row) => row.definition, code: true },
        { name: "State", of: (row) => (row.indisvalid === "t" ? "valid" : "being built") },
        { name: "Size", of: (row) => bytes(row.bytes), sort: (row) => number(row.bytes), number: true },
        { name: "Scans", of: (row) => row.idx_scan, sort: (row) => number(row.idx_scan), number: true },
      ],
    });
    const constraints = new Table({
      label: "constraints",
      key: (row) => row.oid,
      filter: false,
      empty: "no constraints",
      columns: [{ name: "Constraint", of: (row) => row.conname }, { name: "Definition", of: (row) => row.definition, code: true }],
    });
    const shards = new Table({
      label: "shards",
      key: (row) => row.shard_id,
      filter: false,
      columns: [
        { name: "Shard", of: (row) => row.shard_id, sort: (row) => number(row.shard_id), number: true },
        { name: "From", of: (row) => row.first_key },
        { name: "State", of: (row) => row.state },
        { name: "Leader", of: (row) => row.leader_node, number: true },
        { name: "Size", of: (row) => bytes(row.size_bytes), sort: (row) => number(row.size_bytes), number: true },
        { name: "Requests/s", of: (row) => rate(row.requests_per_second), sort: (row) => number(row.requests_per_second), number: true },
      ],
    });
    const parts = [["Columns", columns], ["Indexes", indexes], ["Constraints", constraints], ["Shards", shards]];
    return {
      element: h("div", null, head, parts.map(([title, part]) => h("section.panel", null, h("h2", null, title), part.element))),
      database: query.get("database") ?? "postgres",
      statements: () => [[NAME, oid], [COLUMNS, oid], [INDEXES, oid], [CONSTRAINTS, oid], [SHARDS, oid]],
      show([name, ...results]) {
        head.textContent = name instanceof Error ? name.toString() : `${name[0].name} in ${query.get("database")}${name[0].comment ? `: ${name[0].comment}` : ""}`;
        results.forEach((rows, i) => parts[i][1].update(rows));
      },
    };
  },
};
