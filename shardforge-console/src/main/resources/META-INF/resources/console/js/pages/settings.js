import { run } from "../api.js";
import { confirm, h, tell } from "../dom.js";
import { Table } from "../table.js";

const OF_CLUSTER = "SELECT name, setting, default_setting FROM shardforge.settings ORDER BY name";
const ALL = "SELECT name, setting, unit, category, short_desc, context, source FROM pg_settings ORDER BY name";

/** What is set for the cluster and for sessions. */
export const settings = {
  path: "settings",
  title: "Settings",
  every: 5000,
  open({ user, refresh }) {
    const change = async (row) => {
      const wanted = await confirm({
        title: `Change ${row.name}`,
        text: `It holds for the whole cluster; the default is ${row.default_setting}.`,
        action: "Set",
        fields: [{ name: "value", label: "Value", value: row.setting }],
      });
      if (wanted) {
        try {
          // The name comes from the catalog and is quoted here; ALTER SYSTEM takes no parameters.
          const [{ text }] = await run("SELECT format('ALTER SYSTEM SET %s = %L', $1::text, $2::text) AS text", [row.name, wanted.value]);
          await run(text);
        } catch (error) {
          tell("The setting stays as it was", error.toString(), "error");
        }
        refresh();
      }
    };
    const cluster = new Table({
      label: "settings of the cluster",
      key: (row) => row.name,
      filter: false,
      columns: [
        { name: "Setting", of: (row) => row.name },
        { name: "Value", of: (row) => (row.setting === row.default_setting ? row.setting : h("b", null, row.setting)), sort: (row) => row.setting },
        { name: "Default", of: (row) => row.default_setting },
        ...(user.superuser ? [{ name: "", of: (row) => h("button", { click: () => change(row) }, "change") }] : []),
      ],
    });
    const all = new Table({
      label: "all settings",
      key: (row) => row.name,
      columns: [
        { name: "Setting", of: (row) => row.name },
        { name: "Value", of: (row) => `${row.setting}${row.unit ? ` ${row.unit}` : ""}` },
        { name: "From", of: (row) => row.source },
        { name: "About", of: (row) => row.short_desc },
      ],
    });
    return {
      element: h("div", null,
        h("section.panel", null, h("h2", null, "Of the cluster"), cluster.element),
        h("section.panel", null, h("h2", null, "As a new session has them"), all.element)),
      statements: () => [[OF_CLUSTER], [ALL]],
      show([ofCluster, every]) {
        cluster.update(ofCluster);
        all.update(every);
      },
    };
  },
};
