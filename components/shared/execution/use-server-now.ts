"use client";

import { useNow } from "@/components/shared/use-now";
import { serverClockOffset } from "@/lib/client/clock";

/** The database's time, each second while `ticking`: due times and starts are by its clock. */
export function useServerNow(options?: { ticking?: boolean }): number {
  return useNow(options) + serverClockOffset();
}
