/** One argument: plain characters, protected ones, and quoted parts, of which the last may not be closed. */
const ARGUMENT = /(?:[^\s"'\\]|\\[\s\S]|\\$|"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?)+/g;
/** What of an argument is not plain. */
const PART = /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)("?)|'([^']*)('?)/g;

/**
 * Splits a line into arguments by the quoting rules of a shell, without running one: spaces separate, quotes and
 * backslashes protect. Nothing is expanded. `open` tells which quote is not closed; the rest then counts as quoted.
 */
export function splitCommand(line: string): { args: string[]; open: '"' | "'" | null } {
  let open: '"' | "'" | null = null;
  function unquote(
    part: string,
    plain: string | undefined,
    double: string | undefined,
    doubleEnd: string,
    single: string | undefined,
    singleEnd: string,
  ): string {
    if (double !== undefined) {
      if (!doubleEnd) open = '"';
      return double.replace(/\\(["\\$`])/g, "$1");
    }
    if (single === undefined) return plain ?? part;
    if (!singleEnd) open = "'";
    return single;
  }
  const args = (line.match(ARGUMENT) ?? []).map((raw) => raw.replace(PART, unquote));
  return { args, open };
}

/** The line that splits into these arguments. */
export function joinCommand(args: readonly string[]): string {
  return args.map(quoteArgument).join(" ");
}

function quoteArgument(text: string): string {
  if (text !== "" && !/[\s"'\\]/.test(text)) return text;
  if (!text.includes("'")) return `'${text}'`;
  return `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}
