import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { ButtonLink } from "./button-link";

export type PaginationProps = {
  /** Addresses of the neighbouring pages; `null` where there is none. */
  newerHref: string | null;
  olderHref: string | null;
  /** Such as how many there are. */
  children?: ReactNode;
};

/** Pages by position in time: there is a newer and an older one, and no number that would shift as rows arrive. */
export function Pagination({ newerHref, olderHref, children }: PaginationProps) {
  return (
    <nav
      aria-label="Pages"
      className="text-muted flex h-11 shrink-0 items-center gap-2 px-4 text-xs"
    >
      <div className="min-w-0 flex-1 truncate">{children}</div>
      <PageLink href={newerHref} icon={<ChevronLeft aria-hidden />}>
        Newer
      </PageLink>
      <PageLink href={olderHref} icon={<ChevronRight aria-hidden />} className="flex-row-reverse">
        Older
      </PageLink>
    </nav>
  );
}

function PageLink({
  href,
  icon,
  className,
  children,
}: {
  href: string | null;
  icon: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  if (href === null) {
    return (
      <Button size="sm" icon={icon} className={className} disabled>
        {children}
      </Button>
    );
  }
  return (
    <ButtonLink href={href} size="sm" icon={icon} className={className}>
      {children}
    </ButtonLink>
  );
}
