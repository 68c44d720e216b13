import { Skeleton } from "@/components/ui/skeleton";

/** Header and tabs where they will be. */
export function RunSkeleton() {
  return (
    <div role="status" aria-busy aria-label="Loading" className="flex min-h-0 flex-1 flex-col">
      <div className="border-line flex h-15 shrink-0 flex-col justify-center gap-2 border-b px-4">
        <Skeleton className="h-4 w-72 max-w-full" />
        <Skeleton className="h-3 w-96 max-w-full" />
      </div>
      <div className="border-line flex h-9 shrink-0 items-center gap-4 border-b px-4">
        <Skeleton className="h-4 w-16" />
        <Skeleton className="h-4 w-20" />
        <Skeleton className="h-4 w-14" />
      </div>
      <div className="grid flex-1 place-items-center">
        <div className="flex gap-10">
          <Skeleton className="h-18 w-48" />
          <Skeleton className="hidden h-18 w-48 sm:block" />
          <Skeleton className="hidden h-18 w-48 lg:block" />
        </div>
      </div>
    </div>
  );
}
