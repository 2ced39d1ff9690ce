import { h } from "./dom.js";

/**
 * A table whose rows are kept by key while they change, so that what is selected, focused and scrolled to stays.
 * A column is {name, of: row → text or element, sort?: row → value, number?, code?}.
 */
export class Table {
  constructor({ columns, key, label, link, empty = "nothing", filter = true, order }) {
    Object.assign(this, { columns, key, link, empty });
    this.order = order ?? null;
    this.rows = [];
    this.shown = new Map();
    this.body = h("tbody", null);
    this.heads = columns.map((column, i) => {
      const cell = h(column.number ? "th.number" : "th", { scope: "col" },
        h("button", { type: "button", click: () => this.sortBy(i) }, column.name));
      return cell;
    });
    this.note = h("p.muted", { role: "status" });
    this.find = h("input", { type: "search", placeholder: "Filter", "aria-label": `Filter ${label}`, input: () => this.draw() });
    this.element = h("div", null,
      filter && h("div.tools", null, this.find),
      h("div.scroll", null, h("table", { "aria-label": label }, h("thead", null, h("tr", null, this.heads)), this.body)),
      this.note);
    this.draw();
  }

  sortBy(column) {
    this.order = this.order?.column === column ? { column, down: !this.order.down } : { column, down: !!this.columns[column].number };
    this.draw();
  }

  update(rows) {
    if (rows instanceof Error) {
      this.note.textContent = rows.toString();
      this.note.className = "error";
      return;
    }
    this.note.className = "muted";
    this.rows = rows;
    this.draw();
  }

  draw() {
    const wanted = this.find.value.toLowerCase();
    let rows = this.rows.filter((row) => !wanted || Object.values(row).some((value) => String(value ?? "").toLowerCase().includes(wanted)));
    if (this.order) {
      const { column, down } = this.order;
      const value = this.columns[column].sort ?? ((row) => String(this.columns[column].of(row)));
      rows = [...rows].sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1));
    }
    this.heads.forEach((cell, i) => cell.setAttribute("aria-sort", this.order?.column !== i ? "none" : this.order.down ? "descending" : "ascending"));
    const before = this.shown;
    this.shown = new Map();
    rows.forEach((row, at) => {
      const key = this.key(row);
      const line = before.get(key) ?? this.line();
      before.delete(key);
      line.fill(row);
      this.shown.set(key, line);
      if (this.body.children[at] !== line.element) {
        this.body.insertBefore(line.element, this.body.children[at] ?? null);
      }
    });
    before.forEach((line) => line.element.remove());
    this.note.textContent = rows.length ? (this.rows.truncated ? "Only the first rows are shown." : "") : this.empty;
  }

  line() {
    const cells = this.columns.map((column) => h(column.code ? "td.code" : column.number ? "td.number" : "td", null));
    const element = h("tr", null, cells);
    const line = {
      element,
      row: null,
      fill: (row) => {
        line.row = row;
        this.columns.forEach((column, i) => {
          const value = column.of(row);
          if (value instanceof Node) {
            if (!cells[i].contains(document.activeElement)) {
              cells[i].replaceChildren(value);
            }
          } else if (cells[i].textContent !== String(value ?? "")) {
            cells[i].textContent = value ?? "";
          }
        });
      },
    };
    if (this.link) {
      element.dataset.link = "";
      element.addEventListener("click", (event) => {
        if (!event.target.closest("a, button")) {
          location.hash = this.link(line.row);
        }
      });
    }
    return line;
  }
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  return String(a ?? "").localeCompare(String(b ?? ""), "en", { numeric: true });
}

/** A number for sorting, nulls first. */
export const number = (value) => (value === null || value === undefined ? -Infinity : Number(value));
