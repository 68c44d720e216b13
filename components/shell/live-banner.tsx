"use client";

import { useQuery } from "@tanstack/react-query";
import { useConnection } from "@/lib/client/connection";
import { useLive } from "@/lib/client/live";
import { systemQuery } from "@/lib/client/system";
import { SystemBanner, type SystemProblem } from "./system-banner";

/** Keeps every screen up to date, and says above all of them what is wrong with the whole system. */
export function LiveBanner() {
  useLive();
  const connection = useConnection();
  const { data: system } = useQuery(systemQuery());
  return <SystemBanner problem={problemOf(connection, system?.workersAlive)} />;
}

function problemOf(
  connection: ReturnType<typeof useConnection>,
  workersAlive: number | undefined,
): SystemProblem | null {
  if (connection !== "ok") return connection;
  return workersAlive === 0 ? "no-worker" : null;
}
