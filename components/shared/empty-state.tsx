import clsx from "clsx";
import type { ReactNode } from "react";

export type EmptyStateProps = {
  icon?: ReactNode;
  title: string;
  /** What to do about it. */
  action?: ReactNode;
  className?: string;
  /** Why there is nothing. */
  children?: ReactNode;
};

/** Nothing to show: says why, and what to do. */
export function EmptyState({ icon, title, action, className, children }: EmptyStateProps) {
  return (
    <div
      className={clsx(
        "mx-auto flex max-w-md flex-col items-center justify-center px-4 py-16 text-center",
        className,
      )}
    >
      {icon && (
        <span aria-hidden className="text-faint mb-3 [&_svg]:size-6">
          {icon}
        </span>
      )}
      <h2 className="text-base font-medium text-balance">{title}</h2>
      {children && <div className="text-muted mt-1 text-pretty">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
