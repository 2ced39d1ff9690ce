// Elements are made here only, and their texts are texts: nothing that the database holds is ever read as HTML.

/** Makes an element: h("td.number", {title: "x"}, "text", child, …). Functions as attributes listen to events. */
export function h(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) {
    element.className = classes.join(" ");
  }
  set(element, attributes);
  add(element, children);
  return element;
}

/** The same for SVG. */
export function s(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  add(element, children);
  return element;
}

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child);
    }
  }
}

/** A state in words, with its color: never the color alone. */
export function state(text, kind) {
  return h(`span.state.${kind}`, null, text);
}

/** How much of something is used. */
export function bar(share, label) {
  const percent = Math.max(0, Math.min(100, share * 100));
  const fill = h("i", null);
  fill.className = share > 0.95 ? "bad" : share > 0.85 ? "warn" : "";
  fill.style.width = `${percent}%`;
  return h("div.bar", { role: "img", "aria-label": label ?? `${Math.round(percent)} %`, title: label }, fill);
}

/** Asks before something is done; the promise tells the answers of the fields, or null. */
export function confirm({ title, text, action, danger = false, fields = [] }) {
  return new Promise((resolve) => {
    const inputs = fields.map(({ name, label, value = "", type = "text", options }) => {
      const input = options
        ? h("select", { name }, options.map(([v, t]) => h("option", { value: v, selected: v === value }, t)))
        : h("input", { name, type, value, required: true });
      return [name, input, h("label", null, label, input)];
    });
    const form = h("form", { method: "dialog" },
      h("h2", null, title),
      h("p", null, text),
      inputs.map(([, , label]) => label),
      h("div.actions", null,
        h("button", { type: "button", click: () => dialog.close("") }, "Back"),
        h(danger ? "button.danger" : "button.main", { value: "go" }, action)));
    const dialog = h("dialog", { "aria-label": title }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go" ? Object.fromEntries(inputs.map(([name, input]) => [name, input.value])) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Tells something that stays until it is read. */
export function tell(title, text, kind = "") {
  const dialog = h("dialog", { "aria-label": title },
    h("h2", null, title),
    h(`p${kind ? "." + kind : ""}`, null, text),
    h("form.actions", { method: "dialog" }, h("button.main", null, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
