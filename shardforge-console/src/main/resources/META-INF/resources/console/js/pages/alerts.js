import { run } from "../api.js";
import { confirm, h, state, tell } from "../dom.js";
import { seconds } from "../format.js";
import { number, Table } from "../table.js";

const ALERTS = `SELECT name, severity, node_id, state, since, ended_at, summary,
    extract(epoch FROM coalesce(ended_at, now()) - since) AS lasted, extract(epoch FROM now() - ended_at) AS ended_ago
  FROM shardforge.alerts`;
const HOUR = 3600;
const KINDS = { critical: "bad", warning: "warn", info: "good" };

const severity = (row) => state(row.severity, KINDS[row.severity] ?? "warn");
const key = (row) => `${row.name} ${row.node_id} ${row.since} ${row.summary}`;

/** What is wrong now, and what was in the past day. */
export const alerts = {
  path: "alerts",
  title: "Alerts",
  every: 3000,
  open({ user }) {
    const now = new Table({
      label: "alerts now",
      key,
      filter: false,
      empty: "no alert fires",
      columns: [
        { name: "Alert", of: (row) => row.name },
        { name: "Severity", of: severity, sort: (row) => row.severity },
        { name: "State", of: (row) => (row.state === "firing" ? state("firing", "bad") : state("pending", "warn")), sort: (row) => row.state },
        { name: "Node", of: (row) => row.node_id, sort: (row) => number(row.node_id), number: true },
        { name: "For", of: (row) => seconds(row.lasted), sort: (row) => number(row.lasted), number: true },
        { name: "What it means", of: (row) => row.summary },
      ],
    });
    const past = new Table({
      label: "alerts that are over",
      key,
      empty: "none",
      columns: [
        { name: "Alert", of: (row) => row.name },
        { name: "Severity", of: severity, sort: (row) => row.severity },
        { name: "Node", of: (row) => row.node_id, sort: (row) => number(row.node_id), number: true },
        { name: "Began", of: (row) => row.since.slice(0, 19) },
        { name: "Lasted", of: (row) => seconds(row.lasted), sort: (row) => number(row.lasted), number: true },
        { name: "What it meant", of: (row) => row.summary },
      ],
    });
    let over = [];
    const span = h("select", { "aria-label": "How far back", change: () => showPast() },
      h("option", { value: String(24 * HOUR) }, "the past day"), h("option", { value: String(HOUR) }, "the past hour"));
    const showPast = () => past.update(over.filter((row) => Number(row.ended_ago) <= Number(span.value)));
    const test = user.superuser && h("button", {
      click: async () => {
        if (!await confirm({ title: "Send a test?", text: "Everybody who is told of alerts by this node gets a message that says that it is a test.", action: "Send" })) {
          return;
        }
        try {
          const told = await run("SELECT receiver, delivered, message FROM shardforge.test_alert()");
          tell("Test of the receivers", told.length
            ? h("ul", null, told.map((row) => h("li", null,
              state(`${row.receiver}: ${row.message}`, row.delivered === "t" ? "good" : "bad"))))
            : "This node is to tell nobody: it was started without alert-webhook and alert-smtp.");
        } catch (error) {
          tell("No test was sent", error.toString(), "error");
        }
      },
    }, "Send a test");
    return {
      element: h("div", null,
        h("section.panel", null, h("h2", null, "Now"), h("div.tools", null, test), now.element),
        h("section.panel", null, h("h2", null, "Over"), h("div.tools", null, span), past.element)),
      statements: () => [[ALERTS]],
      show([rows]) {
        if (rows instanceof Error) {
          now.update(rows);
          past.update(rows);
          return;
        }
        over = rows.filter((row) => row.state === "resolved");
        now.update(rows.filter((row) => row.state !== "resolved"));
        showPast();
      },
    };
  },
};
