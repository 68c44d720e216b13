"use client";

import { ArrowDown } from "lucide-react";
import { useMemo } from "react";
import { Button } from "@/components/ui/button";
import type { LogLine } from "@/lib/client/log-lines";
import { LogLineRow } from "./log-line-row";
import type { LogScroll } from "./use-log-scroll";

export type LogLinesProps = {
  label: string;
  lines: readonly LogLine[];
  scroll: LogScroll;
  /** More may come. */
  live: boolean;
  wanted: string;
  wrap: boolean;
  timestamps: boolean;
  linkedLine: number | null;
  currentIndex: number | null;
  onLink: (line: number) => void;
};

/** The lines in view; a log of any length costs the same. */
export function LogLines({ label, lines, scroll, live, wrap, ...row }: LogLinesProps) {
  const { virtualizer, container } = scroll;
  const items = virtualizer.getVirtualItems();
  const width = useMemo(
    () => lines.reduce((max, { text }) => Math.max(max, text.length), 0),
    [lines],
  );
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={container}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={scroll.onScroll}
        className="bg-canvas absolute inset-0 overflow-auto -outline-offset-2"
      >
        <div
          className="relative min-w-full"
          style={{
            height: virtualizer.getTotalSize(),
            width: wrap ? undefined : `calc(${width}ch * 0.93 + 9rem)`,
          }}
        >
          <div
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
          >
            {items.map(({ index, key }) => {
              const line = lines[index];
              return (
                line && (
                  <div key={key} data-index={index} ref={virtualizer.measureElement}>
                    <LogLineRow
                      line={line}
                      wanted={row.wanted}
                      wrap={wrap}
                      timestamps={row.timestamps}
                      linked={line.number === row.linkedLine}
                      current={index === row.currentIndex}
                      onLink={row.onLink}
                    />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </section>
      {!scroll.following && (
        <Button
          size="sm"
          icon={<ArrowDown aria-hidden />}
          onClick={scroll.follow}
          className="shadow-raised absolute right-4 bottom-3"
        >
          {live ? "Follow the newest lines" : "Go to the end"}
        </Button>
      )}
    </div>
  );
}
