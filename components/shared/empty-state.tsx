import clsx from "clsx";
import type { ReactNode } from "react";

export type EmptyStateProps = {
  icon?: ReactNode;
  title: string;
  /** What to do about it. */
  action?: ReactNode;
  /** It is all there is on the page, so its title is the page's heading. */
  page?: boolean;
  className?: string;
  /** Why there is nothing. */
  children?: ReactNode;
};

/** Nothing to show: says why, and what to do. */
export function EmptyState({
  icon,
  title,
  action,
  page = false,
  className,
  children,
}: EmptyStateProps) {
  const Heading = page ? "h1" : "h2";
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
      <Heading className="text-base font-medium text-balance">{title}</Heading>
      {children && <div className="text-muted mt-1 text-pretty">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
