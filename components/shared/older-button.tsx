"use client";

import { Button } from "@/components/ui/button";

/** Fetches the older page of a list, while there is one. */
export function OlderButton({
  list,
}: {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
}) {
  if (!list.hasNextPage) return null;
  return (
    <div className="border-line flex shrink-0 justify-center border-t p-2">
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
