import { logIn, logOut, ServerError, sql, whoAmI } from "./api.js";
import { h } from "./dom.js";
import { overview } from "./pages/overview.js";
import { metrics } from "./pages/metrics.js";
import { nodes } from "./pages/nodes.js";
import { shards } from "./pages/shards.js";
import { statements } from "./pages/statements.js";
import { sessions } from "./pages/sessions.js";
import { locks } from "./pages/locks.js";
import { databases } from "./pages/databases.js";
import { table } from "./pages/table.js";
import { alerts } from "./pages/alerts.js";
import { insights } from "./pages/insights.js";
import { backups } from "./pages/backups.js";
import { logs } from "./pages/logs.js";
import { jobs } from "./pages/jobs.js";
import { settings } from "./pages/settings.js";

/**
 * The pages. Each is {path, title, hidden?, every: milliseconds, open(context) → {element, statements(), show(results)}}: what it
 * asks again and again while it is open, all in one request, and how it shows what comes back.
 */
const PAGES = [overview, alerts, metrics, nodes, shards, statements, insights, sessions, locks, databases, table, jobs, backups, logs, settings];

/** How long a failed request is followed by silence. */
const RETRY_MILLIS = 2000;

const main = document.getElementById("main");
const live = document.getElementById("live");
const nav = document.getElementById("nav");
const who = document.getElementById("who");
let user = null;
let open = null;

function show(path) {
  nav.replaceChildren(...PAGES.filter((page) => !page.hidden).map((page) =>
    h("a", { href: `#/${page.path}`, "aria-current": page.path === path ? "page" : null }, page.title)));
}

async function route() {
  open?.stop();
  open = null;
  if (!user) {
    askLogin();
    return;
  }
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const page = PAGES.find((each) => each.path === path) ?? overview;
  show(page.path);
  document.title = `${page.title} · ShardForge`;
  open = start(page, new URLSearchParams(query));
  main.focus({ preventScroll: true });
}

/** Opens a page and keeps it fresh until it is stopped; hidden tabs ask nothing. */
function start(page, query) {
  let stopped = false;
  let timer = 0;
  const abort = new AbortController();
  const context = { user, query, refresh: () => turn() };
  const view = page.open(context);
  main.replaceChildren(h("h1", null, view.title ?? page.title), view.element);
  live.textContent = "loading";
  live.className = "muted";
  async function turn() {
    clearTimeout(timer);
    if (stopped) {
      return;
    }
    if (document.hidden) {
      timer = setTimeout(turn, page.every);
      return;
    }
    let wait = page.every;
    let results = null;
    try {
      results = await sql(view.statements(), { database: view.database, signal: abort.signal });
    } catch (error) {
      if (stopped) {
        return;
      }
      if (error instanceof ServerError && error.status === 401) {
        user = null;
        route();
        return;
      }
      tellLive(error instanceof ServerError ? error.message : "this node does not answer");
      wait = RETRY_MILLIS;
    }
    if (stopped) {
      return;
    }
    if (results) {
      try {
        await view.show(results);
        tellLive(null);
      } catch (error) {
        console.error(error);
        tellLive("this page cannot show what it was told");
      }
    }
    clearTimeout(timer);
    timer = setTimeout(turn, wait);
  }
  turn();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      abort.abort();
    },
  };
}

/** Says that the page is up to date, or why it is not. */
function tellLive(trouble) {
  live.className = trouble ? "state bad" : "state good";
  const text = trouble ? `not up to date: ${trouble}` : "live";
  if (live.textContent !== text) {
    live.textContent = text;
  }
}

function askLogin() {
  nav.hidden = true;
  who.replaceChildren();
  live.textContent = "";
  live.className = "";
  document.title = "Log in · ShardForge";
  const name = h("input", { name: "user", autocomplete: "username", required: true });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password" });
  const error = h("p.error", { role: "alert" });
  const button = h("button.main", null, "Log in");
  main.replaceChildren(h("form.login.panel", {
    submit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      error.textContent = "";
      try {
        entered(await logIn(name.value, password.value));
      } catch (failure) {
        error.textContent = failure instanceof ServerError ? failure.message : "This node does not answer.";
        password.value = "";
        password.focus();
      } finally {
        button.disabled = false;
      }
    },
  },
  h("h1", null, "Log in"),
  h("p.muted", null, "With a role of the database. What you see and may do here is what this role may."),
  h("label", null, "Role", name), h("label", null, "Password", password), error, button));
  name.focus();
}

function entered(answer) {
  user = answer;
  nav.hidden = false;
  who.replaceChildren(h("span.muted", null, answer.user, answer.superuser ? " (superuser) " : " "),
    h("button", {
      click: async () => {
        await logOut().catch(() => {});
        user = null;
        route();
      },
    }, "Log out"));
  route();
}

window.addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => !document.hidden && user && open === null && route());
whoAmI().then((answer) => (answer.user ? entered(answer) : route()), () => route());
