import { keyFromName } from "@/lib/domain/text";

/** The key itself when it is free, else with the first free number behind it: "fetch", "fetch-2", "fetch-3". */
export function uniqueKey(wished: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wished)) return wished;
  const base = wished.replace(/-\d+$/, "") || wished;
  for (let n = 2; ; n++) {
    const key = `${base}-${n}`;
    if (!taken.has(key)) return key;
  }
}

/** "New task", "New task 2", … and a key made from it, both free. */
export function freshName(
  base: string,
  { names, keys }: { names: ReadonlySet<string>; keys: ReadonlySet<string> },
): { name: string; key: string } {
  let name = base;
  for (let n = 2; names.has(name); n++) name = `${base} ${n}`;
  return { name, key: uniqueKey(keyFromName(name), keys) };
}
