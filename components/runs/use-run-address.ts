"use client";

import {
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useCallback } from "react";
import { executionStatuses } from "@/lib/domain/status";

const runTabs = ["graph", "timeline", "list"] as const;
export type RunTab = (typeof runTabs)[number];

/** What of a run is shown; all of it is in the address, so it can be sent to somebody. */
export function useRunAddress() {
  const [address, setAddress] = useQueryStates({
    tab: parseAsStringLiteral(runTabs).withDefault("graph"),
    execution: parseAsString,
    status: parseAsArrayOf(parseAsStringLiteral(executionStatuses)).withDefault([]),
    attempt: parseAsInteger,
    line: parseAsInteger,
  });
  /** Another execution has other attempts and lines. Always the same function, so the canvas can rely on it. */
  const select = useCallback(
    (execution: string | null) => void setAddress({ execution, attempt: null, line: null }),
    [setAddress],
  );
  return {
    tab: address.tab,
    selectedId: address.execution,
    status: address.status,
    setTab: (tab: RunTab) => void setAddress({ tab }),
    setStatus: (status: typeof address.status) => void setAddress({ status }),
    select,
    showStatus: (status: (typeof executionStatuses)[number]) =>
      void setAddress({ tab: "list", status: [status] }),
  };
}
