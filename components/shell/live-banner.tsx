"use client";

import { useQuery } from "@tanstack/react-query";
import { useConnection } from "@/lib/client/connection";
import { useLive } from "@/lib/client/live";
import { systemQuery } from "@/lib/client/system";
import type { SystemState } from "@/lib/domain/views";
import { SystemBanner, type SystemProblem } from "./system-banner";

/** Keeps every screen up to date, and says above all of them what is wrong with the whole system. */
export function LiveBanner() {
  useLive();
  const connection = useConnection();
  const { data: system } = useQuery(systemQuery());
  const engines = listBroken(system);
  const problem = problemOf(connection, { workersAlive: system?.workersAlive, engines });
  return <SystemBanner problem={problem} engines={engines} />;
}

function listBroken(system: SystemState | undefined): string[] {
  const breakers = system?.breakers ?? [];
  return breakers.filter(({ state }) => state !== "closed").map(({ engine }) => engine);
}

function problemOf(
  connection: ReturnType<typeof useConnection>,
  { workersAlive, engines }: { workersAlive: number | undefined; engines: readonly string[] },
): SystemProblem | null {
  if (connection !== "ok") return connection;
  if (workersAlive === 0) return "no-worker";
  return engines.length > 0 ? "breaker-open" : null;
}
