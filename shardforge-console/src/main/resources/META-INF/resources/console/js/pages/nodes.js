import { run } from "../api.js";
import { confirm, h, state, tell } from "../dom.js";
import { count } from "../format.js";
import { number, Table } from "../table.js";

/** The state of a node in words and as a color. */
export function nodeState(node) {
  const kind = node.state === "live" ? "good" : ["draining", "drained", "decommissioning", "joining"].includes(node.state) ? "warn" : "bad";
  return { text: node.state, kind };
}

const ACTS = {
  drain: ["drain_node", "Its leaders and sessions go to other nodes; it can be stopped then."],
  decommission: ["decommission_node", "All its replicas go to other nodes; it can be taken away then."],
  recommission: ["recommission_node", "It gets its share of replicas and leaders again."],
};

/** The nodes with what they hold and what can be done with them. */
export const nodes = {
  path: "nodes",
  title: "Nodes",
  every: 2000,
  open({ user, refresh }) {
    const act = async (name, node) => {
      const [call, text] = ACTS[name];
      if (await confirm({ title: `${name} node ${node}?`, text, action: name, danger: name !== "recommission" })) {
        try {
          await run(`SELECT shardforge.${call}($1::int)`, [node]);
        } catch (error) {
          tell(`Node ${node} could not be told`, error.toString(), "error");
        }
        refresh();
      }
    };
    const table = new Table({
      label: "nodes",
      key: (row) => row.node_id,
      filter: false,
      columns: [
        { name: "Node", of: (row) => row.node_id, sort: (row) => number(row.node_id), number: true },
        { name: "State", of: (row) => { const { text, kind } = nodeState(row); return state(text, kind); }, sort: (row) => row.state },
        { name: "SQL", of: (row) => row.sql_address },
        { name: "HTTP", of: (row) => row.http_address },
        { name: "Locality", of: (row) => row.locality },
        { name: "Replicas", of: (row) => count(row.replicas), sort: (row) => number(row.replicas), number: true },
        { name: "Leads", of: (row) => count(row.leaders), sort: (row) => number(row.leaders), number: true },
        { name: "Starts", of: (row) => count(row.incarnation), sort: (row) => number(row.incarnation), number: true },
        ...(user.superuser ? [{
          name: "",
          of: (row) => h("span", null, Object.keys(ACTS).map((name) => h("button", { click: () => act(name, row.node_id) }, name))),
        }] : []),
      ],
    });
    return {
      element: h("section.panel", null, table.element),
      statements: () => [["SELECT * FROM shardforge.nodes ORDER BY node_id"]],
      show: ([rows]) => table.update(rows),
    };
  },
};
