"use client";

import { StatusIcon } from "@/components/shared/status-badge";
import { Code } from "@/components/ui/code";
import { TextLink } from "@/components/ui/text-link";
import { describeObstacle, type Explanation, type Obstacle } from "@/lib/domain/explain";
import { useServerNow } from "./use-server-now";

/** Everything an execution waits for, the nearest first, with links to whoever is in the way. */
export function ObstacleList({
  explanation,
  hrefOf,
}: {
  explanation: Explanation;
  hrefOf: (executionId: string) => string;
}) {
  const now = useServerNow();
  if (explanation.obstacles.length === 0)
    return <p>Nothing is in its way; a worker takes it in a moment.</p>;
  return (
    <ul className="flex flex-col gap-2">
      {explanation.obstacles.map((obstacle) => (
        <li key={obstacle.kind === "breaker" ? obstacle.engine : obstacle.kind}>
          <p suppressHydrationWarning>{describeObstacle(obstacle, now)}</p>
          <ObstacleMore obstacle={obstacle} hrefOf={hrefOf} />
        </li>
      ))}
    </ul>
  );
}

function ObstacleMore({
  obstacle,
  hrefOf,
}: {
  obstacle: Obstacle;
  hrefOf: (executionId: string) => string;
}) {
  switch (obstacle.kind) {
    case "dependencies":
      return (
        <ul className="mt-1 flex flex-col gap-1">
          {obstacle.unfinished.map((each) => (
            <li key={each.executionId} className="flex min-w-0 items-center gap-1.5">
              <StatusIcon status={each.status} />
              <TextLink href={hrefOf(each.executionId)} className="truncate">
                {each.taskName}
              </TextLink>
              <span className="text-muted text-xs">{each.status}</span>
            </li>
          ))}
          {obstacle.count > obstacle.unfinished.length && (
            <li className="text-muted text-xs">
              and {obstacle.count - obstacle.unfinished.length} more
            </li>
          )}
        </ul>
      );
    case "pool":
    case "slots":
      return obstacle.heldBy.length === 0 ? null : (
        <p className="text-muted mt-1">
          Held by{" "}
          {obstacle.heldBy.map((each, i) => (
            <span key={each.executionId}>
              {i > 0 && ", "}
              <TextLink href={hrefOf(each.executionId)}>{each.taskName}</TextLink>
            </span>
          ))}
          .
        </p>
      );
    case "no_workers":
      return (
        <p className="text-muted mt-1">
          Start one with <Code>npm run worker</Code>
        </p>
      );
    case "breaker":
      return (
        <p className="text-muted mt-1">
          The engine failed too often. Waiting uses up no retry;{" "}
          <TextLink href="/workers">Workers</TextLink> has its last error.
        </p>
      );
    case "paused":
    case "start_time":
    case "retry":
    case "queue":
      return null;
  }
}
