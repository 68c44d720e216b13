import clsx from "clsx";
import { type AnsiColor, type AnsiStyle, parseAnsi } from "./ansi";
import { splitMatches } from "./log-search";

/** The theme's own hues, readable on its own surfaces; black and white are the page's text. */
const COLOR = {
  black: "text-fg",
  red: "text-danger-fg",
  green: "text-success-fg",
  yellow: "text-warning-fg",
  blue: "text-info-fg",
  magenta: "text-(--preparing)",
  cyan: "text-(--scheduled)",
  white: "text-fg",
  gray: "text-faint",
} as const satisfies Record<AnsiColor, string>;

const BACKGROUND = {
  black: "bg-hover",
  red: "bg-danger-tint",
  green: "bg-success-tint",
  yellow: "bg-warning-tint",
  blue: "bg-info-tint",
  magenta: "bg-(--preparing-tint)",
  cyan: "bg-(--scheduled-tint)",
  white: "bg-hover",
  gray: "bg-hover",
} as const satisfies Record<AnsiColor, string>;

/** A line of output with its colours; text nodes alone, whatever is in it. */
export function AnsiText({ line, wanted }: { line: string; wanted: string }) {
  return parseAnsi(line).map((span, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never change their order.
    <span key={i} className={classesOf(span.style)}>
      <Marked text={span.text} wanted={wanted} />
    </span>
  ));
}

function Marked({ text, wanted }: { text: string; wanted: string }) {
  if (wanted === "") return text;
  return splitMatches(text, wanted).map((part, i) =>
    part.match ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never change their order.
      <mark key={i} className="bg-warning-tint text-warning-fg rounded-xs outline-1">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}

function classesOf(style: AnsiStyle): string | undefined {
  return (
    clsx(
      style.color ? COLOR[style.color] : style.dim && "text-muted",
      style.background && BACKGROUND[style.background],
      style.bold && "font-semibold",
      style.italic && "italic",
      style.underline && "underline",
    ) || undefined
  );
}
