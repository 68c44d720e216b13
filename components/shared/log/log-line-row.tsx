import clsx from "clsx";
import { memo } from "react";
import type { LogLine, LogMark } from "@/lib/client/log-lines";
import { AnsiText } from "./ansi-text";

export type LogLineRowProps = {
  line: LogLine;
  /** What is searched for, to be marked. */
  wanted: string;
  wrap: boolean;
  timestamps: boolean;
  /** The address points to it. */
  linked: boolean;
  /** Where the search or the jump to an error stands. */
  current: boolean;
  onLink: (line: number) => void;
};

const MARK = {
  o: "border-transparent",
  e: "border-(--retrying)",
  s: "border-(--scheduled) text-muted italic",
  gap: "border-transparent text-faint italic",
} as const satisfies Record<LogMark, string>;

/** One line of output. Its number is a link to it. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { line, linked, current, wrap } = props;
  return (
    <div
      className={clsx(
        "flex min-h-5 border-l-2 font-mono text-xs leading-5",
        MARK[line.mark],
        linked && "bg-selected",
        current && !linked && "bg-hover",
      )}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Link to line ${line.number}`}
        onClick={() => props.onLink(line.number)}
        className="text-faint hover:text-fg sticky left-0 w-12 shrink-0 self-start bg-inherit pr-2 text-right select-none"
      >
        {line.mark === "gap" ? "" : line.number}
      </button>
      {props.timestamps && (
        <time dateTime={line.at} className="text-faint mr-3 shrink-0 select-none">
          {line.at.slice(11, 19)}
        </time>
      )}
      {line.mark === "e" && <span className="sr-only">standard error: </span>}
      <span
        className={clsx(
          "min-w-0 pr-4 [unicode-bidi:isolate]",
          wrap ? "break-all whitespace-pre-wrap" : "whitespace-pre",
        )}
      >
        <AnsiText line={line.text} wanted={props.wanted} />
      </span>
    </div>
  );
});
