export type Entry = { key: string; value: string };

/**
 * Reads the lines of an .env file that someone pastes: `NAME=value`, with or without `export` and quotes; empty lines and
 * comments are left out. `null` when it is anything else.
 */
export function entriesFromText(text: string): Entry[] | null {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const entries = lines.map(entryFromLine);
  const valid = entries.filter((entry) => entry !== null);
  return valid.length > 0 && valid.length === lines.length ? valid : null;
}

function entryFromLine(line: string): Entry | null {
  const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
  if (!match) return null;
  const [, key = "", value = ""] = match;
  return { key, value: value.replace(/^(["'])(.*)\1$/, "$2") };
}

/** The list with the item moved by one place, or the same list at its ends. */
export function moveItem<T>(items: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const item = items[index];
  const target = index + by;
  if (item === undefined || target < 0 || target >= items.length) return items;
  return items.toSpliced(index, 1).toSpliced(target, 0, item);
}
