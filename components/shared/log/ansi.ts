/** Eight hues and their bright kin; `gray` is bright black. What is no colour of these stays as it is. */
const ansiColors = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "gray",
] as const;

export type AnsiColor = (typeof ansiColors)[number];

export type AnsiStyle = {
  color: AnsiColor | null;
  background: AnsiColor | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
};

export type AnsiSpan = { text: string; style: AnsiStyle };

const PLAIN: AnsiStyle = {
  color: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
};

/**
 * A CSI sequence with its end, an OSC sequence (titles, links) with its end, or another escape of two characters. Only the
 * first with the letter `m` means something here.
 */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them.
  /\u001b\[([\d;:]*)([ -/]*)([@-~])|\u001b\[[<-?][\d;:]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]/g;

/** Characters that change the direction of what follows, so that a line reads other than it is. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** A line of output as spans of text and style. Nothing but SGR (colours, bold …) is obeyed; all else is dropped or shown. */
export function parseAnsi(line: string): AnsiSpan[] {
  if (!line.includes("\u001b")) return [{ text: showControls(line), style: PLAIN }];
  const spans: AnsiSpan[] = [];
  let style = PLAIN;
  let from = 0;
  for (const match of line.matchAll(ESCAPES)) {
    addSpan(spans, line.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[3] === "m" && match[2] === "") style = applySgr(style, match[1] ?? "");
  }
  addSpan(spans, line.slice(from), style);
  return spans;
}

/** The line as it is read, for search and for copying. */
export function plainText(line: string): string {
  return parseAnsi(line)
    .map(({ text }) => text)
    .join("");
}

function addSpan(spans: AnsiSpan[], text: string, style: AnsiStyle): void {
  if (text !== "") spans.push({ text: showControls(text), style });
}

function showControls(text: string): string {
  return text.replaceAll("\u001b", "\u241b").replace(DIRECTION, "\ufffd");
}

function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const { color, length } = extendedColor(codes.slice(i + 1));
      next = code === 38 ? { ...next, color } : { ...next, background: color };
      i += length;
    } else next = { ...next, ...changeOf(code) };
  }
  return next;
}

function changeOf(code: number): Partial<AnsiStyle> {
  if (code >= 30 && code <= 37) return { color: ansiColors[code - 30] ?? null };
  if (code >= 40 && code <= 47) return { background: ansiColors[code - 40] ?? null };
  if (code >= 90 && code <= 97) return { color: brightColor(code - 90) };
  if (code >= 100 && code <= 107) return { background: brightColor(code - 100) };
  return CHANGES[code] ?? {};
}

const CHANGES: Record<number, Partial<AnsiStyle>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  39: { color: null },
  49: { background: null },
};

function brightColor(index: number): AnsiColor | null {
  return index === 0 ? "gray" : (ansiColors[index] ?? null);
}

/** "5;n" or "2;r;g;b" behind 38 or 48: of the 256 colours the first sixteen are ours, the rest have no place in the theme. */
function extendedColor(rest: number[]): { color: AnsiColor | null; length: number } {
  const [mode, n = -1] = rest;
  if (mode === 2) return { color: null, length: 4 };
  if (mode !== 5) return { color: null, length: 0 };
  if (n < 8) return { color: ansiColors[n] ?? null, length: 2 };
  return { color: n < 16 ? brightColor(n - 8) : null, length: 2 };
}
