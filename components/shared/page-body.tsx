import clsx from "clsx";
import type { ReactNode } from "react";

/** What is under the page header. It scrolls by itself, so header and navigation stay. */
export function PageBody({
  flush = false,
  className,
  children,
}: {
  /** No padding and no scrolling of its own: for a canvas, or a table that fills the page. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div
      className={clsx(
        "min-h-0 min-w-0 flex-1",
        flush ? "flex flex-col overflow-hidden" : "overflow-y-auto p-4",
        className,
      )}
    >
      {children}
    </div>
  );
}
