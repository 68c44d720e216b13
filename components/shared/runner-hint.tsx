"use client";

import { useQuery } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { Tooltip } from "@/components/ui/tooltip";
import { systemQuery, usesProcessRunner } from "@/lib/client/system";

/** Says, wherever work is started or watched, that commands run on the host itself. Nothing while Dagger runs them. */
export function RunnerHint() {
  const { data: system } = useQuery(systemQuery());
  if (!usesProcessRunner(system)) return null;
  const descriptions = system?.runners.map(({ description }) => description).join(" ");
  return (
    <Tooltip content={descriptions} side="bottom">
      <button
        type="button"
        className="text-warning-fg inline-flex max-w-full min-w-0 cursor-help items-center gap-1 rounded-sm text-left text-xs"
      >
        <Info aria-hidden className="size-3.5 shrink-0" />
        <span className="min-w-0">
          Commands run on this host, not in containers
          <span className="hidden lg:inline"> (no Dagger engine answered)</span>
        </span>
      </button>
    </Tooltip>
  );
}
