import clsx from "clsx";
import { type ReactNode, useId } from "react";

export type SectionProps = {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** A part of a page: a heading and space, no box. */
export function Section({ title, description, actions, className, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx("min-w-0", className)}>
      <header className="mb-2 flex min-h-7 items-center gap-4">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="truncate text-sm font-semibold">
            {title}
          </h2>
          {description && <p className="text-muted text-xs text-pretty">{description}</p>}
        </div>
        {actions && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
