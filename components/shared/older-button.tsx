"use client";

import { Button } from "@/components/ui/button";

/** Fetches the older page of a list, while there is one; says how many are listed, since what it adds is out of sight. */
export function OlderButton({
  list,
  listed,
}: {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  listed: number;
}) {
  if (!list.hasNextPage) return null;
  return (
    <div className="border-line flex shrink-0 items-center justify-center gap-3 border-t p-2">
      {listed > 0 && (
        <span aria-live="polite" className="text-muted text-xs tabular-nums">
          {listed.toLocaleString("en")} listed
        </span>
      )}
      <Button
        size="sm"
        variant="ghost"
        pending={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        Show older
      </Button>
    </div>
  );
}
