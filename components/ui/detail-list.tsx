import clsx from "clsx";
import type { ReactNode } from "react";

/** Names and values in two columns, for what is known about one thing. */
export function DetailList({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl
      className={clsx(
        "grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5 text-sm",
        className,
      )}
    >
      {children}
    </dl>
  );
}

export function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
