type Value = string | number | readonly string[] | null | undefined;

/** "?status=FAILED&status=TIMEOUT": what is empty is left out, a list is repeated. */
export function searchParams(values: Record<string, Value>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const each of listOf(value)) params.append(name, each);
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

function listOf(value: Value): readonly string[] {
  if (value === null || value === undefined || value === "") return [];
  return typeof value === "object" ? value : [String(value)];
}
