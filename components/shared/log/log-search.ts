import type { LogLine } from "@/lib/client/log-lines";
import { plainText } from "./ansi";

/** Words by which people look for what went wrong, whichever stream it was written to. */
const ERROR = /\b(?:error|err!|fail(?:ed|ure|s)?|fatal|panic|exception|traceback|denied)\b/i;

export type StreamFilter = "all" | "stdout" | "stderr";

/** The lines of a stream; remarks of the engine always stay. */
export function filterLines(lines: readonly LogLine[], stream: StreamFilter): readonly LogLine[] {
  if (stream === "all") return lines;
  const hidden = stream === "stdout" ? "e" : "o";
  return lines.filter(({ mark }) => mark !== hidden);
}

/** Indexes of the lines that hold the text, upper and lower case alike. */
export function findText(lines: readonly LogLine[], text: string): number[] {
  const wanted = text.toLowerCase();
  if (wanted === "") return [];
  return indexesOf(lines, (line) => plainText(line.text).toLowerCase().includes(wanted));
}

/** Indexes of the lines that speak of an error; where none does, those of standard error. */
export function findErrors(lines: readonly LogLine[]): number[] {
  const spoken = indexesOf(lines, ({ text }) => ERROR.test(text));
  return spoken.length > 0 ? spoken : indexesOf(lines, ({ mark }) => mark === "e");
}

/** The next of some ascending indexes after (1) or before (-1) a place, going round at the end; null when there is none. */
export function stepFrom(indexes: readonly number[], from: number, step: 1 | -1): number | null {
  const next =
    step === 1 ? indexes.find((index) => index > from) : indexes.findLast((index) => index < from);
  return next ?? (step === 1 ? indexes[0] : indexes.at(-1)) ?? null;
}

/** Splits a text at what was searched for, so the matches can be marked. */
export function splitMatches(text: string, wanted: string): { text: string; match: boolean }[] {
  if (wanted === "") return [{ text, match: false }];
  const parts: { text: string; match: boolean }[] = [];
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  let from = 0;
  // Lower case can be longer than the text (İ); then positions would not fit, and nothing is marked.
  for (let at = lower.indexOf(needle); at >= 0 && lower.length === text.length; ) {
    if (at > from) parts.push({ text: text.slice(from, at), match: false });
    from = at + needle.length;
    parts.push({ text: text.slice(at, from), match: true });
    at = lower.indexOf(needle, from);
  }
  if (from < text.length) parts.push({ text: text.slice(from), match: false });
  return parts;
}

function indexesOf(lines: readonly LogLine[], matches: (line: LogLine) => boolean): number[] {
  const indexes: number[] = [];
  for (const [index, line] of lines.entries()) if (matches(line)) indexes.push(index);
  return indexes;
}
