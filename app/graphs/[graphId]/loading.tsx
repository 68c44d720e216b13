import { Skeleton } from "@/components/ui/skeleton";

export default function GraphLoading() {
  return (
    <div
      role="status"
      aria-label="The graph is being loaded"
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="border-line flex h-12 items-center border-b px-4">
        <Skeleton className="h-4 w-56" />
      </div>
      <div className="border-line h-10 border-b" />
      <div className="flex min-h-0 flex-1">
        <div className="bg-subtle flex-1" />
        <div className="border-line hidden w-95 flex-col gap-4 border-l p-4 md:flex">
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-8 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      </div>
    </div>
  );
}
