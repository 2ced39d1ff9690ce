import { h, state } from "../dom.js";
import { Table } from "../table.js";

const NODES = ["SELECT node_id FROM shardforge.nodes WHERE connected ORDER BY node_id"];
const CHANNELS = ["ops", "health", "sql", "sql.slow", "audit", "security"];
const LINES = 300;

/** From which severity on lines are shown. */
const SEVERITIES = { all: /./, "warnings and errors": /WARN|ERROR/, errors: /ERROR/ };

/** The newest lines of a node's logs. */
export const logs = {
  path: "logs",
  title: "Logs",
  every: 2000,
  open({ refresh }) {
    const table = new Table({
      label: "log lines",
      key: (row) => row.key,
      empty: "no lines",
      columns: [
        { name: "Time", of: (row) => row.at.replace(/[+-]\d\d(:\d\d)?$/, "") },
        { name: "Channel", of: (row) => row.channel },
        { name: "Severity", of: (row) => (row.severity === "INFO" ? row.severity : state(row.severity, row.severity === "ERROR" ? "bad" : "warn")), sort: (row) => row.severity },
        { name: "Message", of: (row) => row.message },
        { name: "Further", of: (row) => row.fields, code: true },
      ],
    });
    const choice = (label, options, change) => h("label", null, label, " ", h("select", { change }, options));
    const node = choice("Node", [h("option", { value: "" }, "this one")], () => refresh());
    const channel = choice("Channel", [h("option", { value: "" }, "all"), CHANNELS.map((name) => h("option", null, name))], () => refresh());
    const severity = choice("Severity", Object.keys(SEVERITIES).map((name) => h("option", null, name)), () => refresh());
    const value = (labeled) => labeled.querySelector("select").value;
    return {
      element: h("section.panel", null, h("div.tools", null, node, channel, severity), table.element),
      statements: () => [
        ["SELECT at, channel, severity, message, fields FROM shardforge.log_tail(nullif($1, '')::int, nullif($2, ''), $3::int)",
          value(node), value(channel), String(LINES)],
        NODES,
      ],
      show([lines, nodes]) {
        if (!(nodes instanceof Error)) {
          const select = node.querySelector("select");
          for (const { node_id: id } of nodes) {
            if (![...select.options].some((option) => option.value === id)) {
              select.append(h("option", { value: id }, id));
            }
          }
        }
        if (lines instanceof Error) {
          table.update(lines);
          return;
        }
        const seen = new Map();
        for (const line of lines) {
          const same = `${line.at} ${line.channel} ${line.message}`;
          seen.set(same, (seen.get(same) ?? 0) + 1);
          line.key = `${same} ${seen.get(same)}`;
        }
        table.update(lines.filter((line) => SEVERITIES[value(severity)].test(line.severity)).reverse());
      },
    };
  },
};
