import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { TruncatedText } from "@/components/ui/truncated-text";

type Crumb = { label: string; href: string };

export type PageHeaderProps = {
  title: string;
  /** From the outermost inwards, without the page itself. */
  breadcrumb?: readonly Crumb[];
  /** Beside the title: a status, a count. */
  badge?: ReactNode;
  /** Under the title: what one wants to know about it, in a line. */
  meta?: ReactNode;
  actions?: ReactNode;
};

/** Where one is and what can be done here. A long name is cut, never the actions. */
export function PageHeader({ title, breadcrumb = [], badge, meta, actions }: PageHeaderProps) {
  return (
    <header className="border-line flex min-h-12 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-2">
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex min-w-0 items-center gap-2">
          <Breadcrumb crumbs={breadcrumb} />
          <h1 className="min-w-0 text-base font-semibold">
            <TruncatedText>{title}</TruncatedText>
          </h1>
          {badge}
        </div>
        {meta && (
          <div className="text-muted mt-0.5 flex flex-wrap items-center gap-x-3 text-xs">
            {meta}
          </div>
        )}
      </div>
      {actions && <div className="flex min-w-0 flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="Breadcrumb" className="hidden max-w-[45%] shrink-0 sm:block">
      <ol className="flex min-w-0 items-center gap-1">
        {crumbs.map((crumb) => (
          <li key={crumb.href} className="flex min-w-0 items-center gap-1">
            <Link
              href={crumb.href}
              title={crumb.label}
              className="text-muted hover:text-fg max-w-48 truncate rounded-sm text-base"
            >
              {crumb.label}
            </Link>
            <ChevronRight aria-hidden className="text-faint size-3.5 shrink-0" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
