"use client";

import clsx from "clsx";
import type { ReactNode } from "react";
import { handleRowKeys } from "./row-keys";

export type TableProps = {
  /** What the rows are, for screen readers. */
  label: string;
  className?: string;
  children: ReactNode;
};

/** Dense rows under a head that stays in view; j, k and the arrow keys move between rows. */
export function Table({ label, className, children }: TableProps) {
  return (
    <div className={clsx("relative min-h-0 overflow-auto", className)}>
      <table
        aria-label={label}
        onKeyDown={handleRowKeys}
        className="w-full border-separate border-spacing-0 text-sm"
      >
        {children}
      </table>
    </div>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

export function TableBody({ children }: { children: ReactNode }) {
  return <tbody>{children}</tbody>;
}

/** Put a `RowLink` into its main cell to make the whole row open something. */
export function TableRow({
  selected = false,
  className,
  children,
}: {
  selected?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <tr
      data-row
      data-selected={selected || undefined}
      aria-selected={selected || undefined}
      className={clsx(
        "group focus-within:bg-hover hover:bg-hover data-selected:bg-selected relative",
        className,
      )}
    >
      {children}
    </tr>
  );
}

type CellProps = {
  /** Figures: to the right, and not broken. */
  numeric?: boolean;
  /** Cut with an ellipsis when the column is narrow; the column takes what room there is. */
  truncate?: boolean;
  className?: string;
  children?: ReactNode;
};

export function Th({ numeric = false, truncate = false, className, children }: CellProps) {
  return (
    <th
      scope="col"
      className={clsx(
        "border-line bg-subtle text-muted sticky top-0 z-10 h-8 border-b px-2 text-xs font-medium whitespace-nowrap first:pl-4 last:pr-4",
        numeric ? "text-right" : "text-left",
        truncate && "w-full min-w-40",
        className,
      )}
    >
      {children}
    </th>
  );
}

export function Td({ numeric = false, truncate = false, className, children }: CellProps) {
  return (
    <td
      className={clsx(
        "border-line h-9 border-b px-2 first:pl-4 last:pr-4",
        numeric && "text-right whitespace-nowrap",
        truncate ? "w-full max-w-0 truncate" : "whitespace-nowrap",
        className,
      )}
    >
      {children}
    </td>
  );
}
