import { sql, ServerError } from "../api.js";
import { bar, confirm, h, state, tell } from "../dom.js";
import { bytes, count, seconds } from "../format.js";
import { number, Table } from "../table.js";

const JOBS = `SELECT id, kind, state, node_id, rows_done, bytes_done, bytes_per_second, running_seconds, estimated_seconds_left, error
  FROM shardforge.jobs WHERE kind IN ('backup', 'restore')`;

/** Where the last place is remembered: in this browser alone. */
const REMEMBERED = "shardforge.backups.place";

/** Runs one statement that may take long; it ends with this page. */
async function runLong(text, ...params) {
  const [, rows] = await sql([["SET statement_timeout = 0"], [text, ...params]]);
  if (rows instanceof Error) {
    throw rows;
  }
  return rows;
}

/** What is at a place, whether it is whole; backups and restores, and how far they have come. */
export const backups = {
  path: "backups",
  title: "Backups",
  every: 2000,
  open({ refresh }) {
    const place = h("input", { value: localStorage.getItem(REMEMBERED) ?? "", placeholder: "/mnt/backups/app or s3://…", autocomplete: "off", size: 36 });
    const passphrase = h("input", { type: "password", autocomplete: "off", size: 14 });
    const busy = h("p", { role: "status" });
    const secret = () => [passphrase.value];

    const act = async (name, work) => {
      busy.className = "muted";
      busy.textContent = `${name} … (it ends if this page is closed)`;
      try {
        busy.textContent = await work();
        busy.className = "";
      } catch (error) {
        busy.textContent = error instanceof ServerError ? error.toString() : "This node does not answer.";
        busy.className = "error";
      }
      refresh();
    };
    const list = () => act("Looking", async () => {
      const rows = await runLong("SELECT * FROM shardforge.backups($1, passphrase => nullif($2, '')) ORDER BY taken_at DESC NULLS LAST, name DESC", place.value, ...secret());
      localStorage.setItem(REMEMBERED, place.value);
      table.update(rows);
      return "";
    });
    const backup = async () => {
      const wanted = await confirm({
        title: "Back up now?",
        text: `Into ${place.value}. Nothing that is there is overwritten.`,
        action: "Back up",
        fields: [
          { name: "incremental", label: "What", options: [["false", "everything"], ["true", "what has changed since the last one"]] },
          { name: "database", label: "Of which database (* for all)", value: "*" },
        ],
      });
      if (wanted) {
        await act("Backing up", async () => {
          const [done] = await runLong(
            `SELECT * FROM shardforge.backup($1, databases => CASE $2 WHEN '*' THEN NULL ELSE ARRAY[$2] END,
              incremental => $3::bool, passphrase => nullif($4, ''))`,
            place.value, wanted.database, wanted.incremental, ...secret());
          return `Backed up ${count(done.entries)} entries, ${bytes(done.bytes)}.`;
        });
        list();
      }
    };
    const verify = (row) => act("Verifying", async () => {
      const found = await runLong("SELECT * FROM shardforge.verify_backup($1, $2, passphrase => nullif($3, ''))", place.value, row.name, ...secret());
      const problems = found.filter((one) => one.problem);
      if (problems.length) {
        tell(`${row.name} is damaged`, problems.map((one) => `${one.name}: ${one.problem}`).join("\n"), "error");
        return `${row.name} is damaged.`;
      }
      return `${row.name} is whole: ${count(found.reduce((sum, one) => sum + Number(one.entries), 0))} entries read.`;
    });
    const restore = async (row) => {
      const wanted = await confirm({
        title: `Restore ${row.name}?`,
        text: `${row.scope}, as of ${row.taken_at.slice(0, 19)}. What exists is not overwritten: a database that is there is restored under another name.`,
        action: "Restore",
        danger: true,
        fields: [
          { name: "database", label: "Which database of it (* for all that it has)", value: "*" },
          { name: "as", label: "Under which name (* for the same)", value: "*" },
        ],
      });
      if (wanted) {
        await act("Restoring", async () => {
          const [done] = await runLong(
            `SELECT * FROM shardforge.restore($1, backup => $2, database => nullif($3, '*'), new_database => nullif($4, '*'),
              passphrase => nullif($5, ''))`,
            place.value, row.name, wanted.database, wanted.as, ...secret());
          return `Restored ${count(done.restored_tables)} tables with ${count(done.entries)} entries, ${bytes(done.bytes)}.`;
        });
      }
    };

    const table = new Table({
      label: "backups",
      key: (row) => row.name,
      empty: "no backups shown",
      columns: [
        { name: "Backup", of: (row) => row.name },
        { name: "Taken", of: (row) => row.taken_at?.slice(0, 19) },
        { name: "Of", of: (row) => row.scope },
        { name: "Since", of: (row) => row.base ?? (row.finished === "t" ? "the beginning" : "") },
        { name: "State", of: (row) => (row.finished === "t" ? state("finished", "good") : state("not finished", "warn")), sort: (row) => row.finished },
        { name: "Encrypted", of: (row) => (row.encrypted === "t" ? "yes" : "no") },
        { name: "Entries", of: (row) => count(row.entries), sort: (row) => number(row.entries), number: true },
        { name: "Size", of: (row) => bytes(row.bytes), sort: (row) => number(row.bytes), number: true },
        {
          name: "",
          of: (row) => h("span", null,
            h("button", { click: () => verify(row), disabled: row.finished !== "t" }, "verify"),
            h("button", { click: () => restore(row), disabled: row.finished !== "t" || row.taken_at === null }, "restore")),
        },
      ],
    });
    const running = new Table({
      label: "backups and restores",
      key: (row) => row.id,
      filter: false,
      empty: "none runs",
      columns: [
        { name: "Kind", of: (row) => row.kind },
        { name: "State", of: (row) => (row.error ? state(row.error, "bad") : row.state), sort: (row) => row.state },
        { name: "Node", of: (row) => row.node_id, number: true },
        { name: "Entries", of: (row) => count(row.rows_done), number: true },
        { name: "Done", of: (row) => done(row) },
        { name: "Running", of: (row) => seconds(row.running_seconds), number: true },
        { name: "Left", of: (row) => seconds(row.estimated_seconds_left), number: true },
      ],
    });
    if (place.value) {
      list();
    }
    return {
      element: h("div", null,
        h("section.panel", null,
          h("form.tools", { submit: (event) => { event.preventDefault(); list(); } },
            h("label", null, "Place", place), h("label", null, "Passphrase, if any", passphrase),
            h("button.main", null, "Show"), h("button", { type: "button", click: backup }, "Back up now")),
          busy, table.element),
        h("section.panel", null, h("h2", null, "Backups and restores"), running.element)),
      statements: () => [[JOBS]],
      show: ([rows]) => running.update(rows),
    };
  },
};

function done(row) {
  const part = Number(row.running_seconds) / (Number(row.running_seconds) + Number(row.estimated_seconds_left));
  return h("div", null, bytes(row.bytes_done), row.estimated_seconds_left !== null && part > 0 ? bar(part) : "");
}
