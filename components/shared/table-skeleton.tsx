import { Skeleton } from "@/components/ui/skeleton";

const WIDTHS = ["w-1/3", "w-1/4", "w-2/5", "w-1/3", "w-1/5", "w-2/5", "w-1/4", "w-1/3"];

/** Rows as high as those that will come. */
export function TableSkeleton({ rows = 12 }: { rows?: number }) {
  return (
    <div aria-busy role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity.
        <div key={i} className="border-line flex h-9 items-center gap-4 border-b px-4">
          <Skeleton className="h-5 w-24 shrink-0" />
          <div className="min-w-0 flex-1">
            <Skeleton className={`h-3 ${WIDTHS[i % WIDTHS.length]}`} />
          </div>
          <Skeleton className="h-3 w-16 shrink-0" />
        </div>
      ))}
    </div>
  );
}
