import { Database, type LucideIcon, ServerOff, TriangleAlert, WifiOff } from "lucide-react";
import { Banner } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";

/** What is wrong with the whole system, the gravest first. */
export type SystemProblem = "offline" | "database-away" | "no-worker" | "breaker-open";

export type SystemBannerProps = {
  /** `null` while all is well. */
  problem: SystemProblem | null;
  /** Engines whose breaker is not closed. */
  engines?: readonly string[];
};

const LOOK = {
  offline: {
    tone: "danger",
    icon: WifiOff,
    text: "The server does not answer. What you see may be out of date; it is asked again every few seconds.",
  },
  "database-away": {
    tone: "danger",
    icon: Database,
    text: "The database does not answer. Nothing is lost; work goes on when it is back.",
  },
  "no-worker": {
    tone: "warning",
    icon: ServerOff,
    text: "No worker is alive, so nothing runs. Start one with: npm run worker",
  },
  "breaker-open": {
    tone: "warning",
    icon: TriangleAlert,
    text: "Executions wait until a probe succeeds; no retry is used up.",
  },
} as const satisfies Record<
  SystemProblem,
  { tone: "warning" | "danger"; icon: LucideIcon; text: string }
>;

/** Always mounted, so screen readers hear a problem when it appears. */
export function SystemBanner({ problem, engines = [] }: SystemBannerProps) {
  const look = problem && LOOK[problem];
  return (
    <div role="status">
      {look && (
        <Banner tone={look.tone} icon={<look.icon aria-hidden />}>
          {problem === "breaker-open" && <BrokenEngines engines={engines} />}
          {look.text}
        </Banner>
      )}
    </div>
  );
}

function BrokenEngines({ engines }: { engines: readonly string[] }) {
  const what = engines.length === 1 ? "The circuit breaker of" : "The circuit breakers of";
  return (
    <>
      {what} <TextLink href="/workers">{engines.join(", ")}</TextLink>{" "}
      {engines.length === 1 ? "is" : "are"} open.{" "}
    </>
  );
}
