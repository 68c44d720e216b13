"use client";

import { ArrowUp } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Rows that arrived since the list was opened; they are put in when a person asks, so nothing jumps. */
export function NewRowsButton({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className="contents">
      {count > 0 && (
        <Button size="sm" variant="primary" icon={<ArrowUp aria-hidden />} onClick={onShow}>
          +{count} new
        </Button>
      )}
    </div>
  );
}
