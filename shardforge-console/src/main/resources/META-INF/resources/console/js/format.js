// How amounts are told.

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function bytes(value) {
  if (value === null || value === undefined) {
    return "";
  }
  let amount = Number(value);
  let unit = 0;
  while (Math.abs(amount) >= 1024 && unit < BINARY.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount >= 100 || unit === 0 ? Math.round(amount) : amount.toFixed(1)} ${BINARY[unit]}`;
}

export function count(value) {
  return value === null || value === undefined ? "" : Number(value).toLocaleString("en");
}

export function rate(value) {
  const amount = Number(value ?? 0);
  return amount >= 100 ? count(Math.round(amount)) : amount.toFixed(amount >= 10 ? 0 : 1);
}

/** Milliseconds with a fitting unit. */
export function millis(value) {
  if (value === null || value === undefined) {
    return "";
  }
  const amount = Number(value);
  if (amount < 1) {
    return `${(amount * 1000).toFixed(0)} µs`;
  }
  if (amount < 1000) {
    return `${amount.toFixed(amount < 10 ? 2 : 1)} ms`;
  }
  return seconds(amount / 1000);
}

export function seconds(value) {
  if (value === null || value === undefined) {
    return "";
  }
  const amount = Number(value);
  if (amount < 60) {
    return `${amount.toFixed(amount < 10 ? 1 : 0)} s`;
  }
  if (amount < 3600) {
    return `${Math.floor(amount / 60)} min ${Math.round(amount % 60)} s`;
  }
  return amount < 86400 ? `${(amount / 3600).toFixed(1)} h` : `${(amount / 86400).toFixed(1)} d`;
}

/** The numbers in a text of PostgreSQL's integer array. */
export function array(text) {
  return !text || text === "{}" ? [] : text.slice(1, -1).split(",");
}

export function percent(share) {
  return `${(100 * Number(share)).toFixed(0)} %`;
}
