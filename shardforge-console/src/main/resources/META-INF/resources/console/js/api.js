// What a node answers. Every value is PostgreSQL's text, or null.

/** An error that the server told, with its SQLSTATE. */
export class ServerError extends Error {
  constructor(error, status) {
    super(error.message);
    this.code = error.code;
    this.detail = error.detail;
    this.hint = error.hint;
    this.status = status;
  }

  toString() {
    return [this.message, this.detail, this.hint && `Hint: ${this.hint}`].filter(Boolean).join("\n") + ` (${this.code})`;
  }
}

async function call(path, body, signal) {
  const response = await fetch(path, body === undefined
    ? { signal }
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new ServerError({ code: "08000", message: `the node answered ${response.status}` }, response.status);
  }
  if (!response.ok || answer.error) {
    throw new ServerError(answer.error ?? { code: "08000", message: `the node answered ${response.status}` }, response.status);
  }
  return answer;
}

export const whoAmI = () => call("/api/whoami");
export const logIn = (user, password) => call("/api/login", { user, password });
export const logOut = () => call("/api/logout", {});

/**
 * Runs statements, each [text, ...parameters]; the result of each is an array of rows as objects, or a ServerError where it
 * failed.
 */
export async function sql(statements, { database = "postgres", signal } = {}) {
  const { results } = await call("/api/sql", {
    database,
    statements: statements.map(([text, ...params]) => ({ sql: text, params })),
  }, signal);
  return results.map((result) => (result.error ? new ServerError(result.error, 200) : rowsOf(result)));
}

/** Runs one statement; throws where it fails. */
export async function run(text, params = [], options = {}) {
  const [rows] = await sql([[text, ...params]], options);
  if (rows instanceof Error) {
    throw rows;
  }
  return rows;
}

function rowsOf({ columns, rows, truncated }) {
  const made = rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [columns[i].name, cell])));
  made.truncated = truncated === true;
  return made;
}
