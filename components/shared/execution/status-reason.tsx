"use client";

import { Callout } from "@/components/ui/callout";
import { describeReason } from "@/lib/domain/reason";
import type { ExecutionDetail } from "@/lib/domain/views";
import { CauseChain } from "./cause-chain";
import { Countdown } from "./countdown";
import { ObstacleList } from "./obstacle-list";

type HrefOf = (executionId: string) => string;

/** Why the execution stands where it stands, before anything else: an error, what it waits for, who cancelled it. */
export function StatusReason({
  execution,
  hrefOf,
}: {
  execution: ExecutionDetail;
  hrefOf: HrefOf;
}) {
  if (execution.cancelRequestedAt !== null && execution.finishedAt === null) {
    return (
      <Callout tone="warning" title="It is being stopped">
        {execution.cancelForce
          ? "Its processes are being killed."
          : "Its command was asked to stop and is killed after ten seconds. Force stop does not wait."}
      </Callout>
    );
  }
  switch (execution.status) {
    case "FAILED":
    case "TIMEOUT":
      return <Failed execution={execution} />;
    case "RETRYING":
      return <Retrying execution={execution} hrefOf={hrefOf} />;
    case "CANCELLED":
      return <Cancelled execution={execution} hrefOf={hrefOf} />;
    case "PENDING":
    case "SCHEDULED":
    case "PAUSED":
      return (
        execution.explanation && (
          <Callout title="Why it waits">
            <ObstacleList explanation={execution.explanation} hrefOf={hrefOf} />
          </Callout>
        )
      );
    case "PREPARING":
    case "RUNNING":
    case "COMPLETED":
      return null;
  }
}

function Failed({ execution }: { execution: ExecutionDetail }) {
  return (
    <Callout tone="danger" title={execution.error?.message ?? "It failed"}>
      {execution.reason !== null && describeReason(execution.reason)}
    </Callout>
  );
}

function Retrying({ execution, hrefOf }: { execution: ExecutionDetail; hrefOf: HrefOf }) {
  const { explanation } = execution;
  // Once its time has come it may still wait for a slot, a worker or an engine.
  const isDue = explanation?.obstacles.every(({ kind }) => kind !== "retry") ?? false;
  const isHeldUp = isDue && explanation?.runnable === false;
  return (
    <Callout
      tone="warning"
      title={
        <>
          Attempt {execution.attempt + 1} {isHeldUp ? "waits" : <Countdown to={execution.dueAt} />}
        </>
      }
    >
      {execution.error && (
        <p>
          Attempt {execution.attempt}: {execution.error.message}
        </p>
      )}
      {explanation && isDue && <ObstacleList explanation={explanation} hrefOf={hrefOf} />}
    </Callout>
  );
}

function Cancelled({ execution, hrefOf }: { execution: ExecutionDetail; hrefOf: HrefOf }) {
  const cause = execution.causeChain[0];
  const why = cause
    ? `Cancelled because ${cause.taskName} did not complete`
    : execution.reason && describeReason(execution.reason);
  const by = execution.events.findLast(({ toStatus }) => toStatus === "CANCELLED")?.actorName;
  return (
    <Callout title={why || "It was cancelled"}>
      {execution.reason === "cancel_requested" && by && <p>By {by}.</p>}
      {execution.causeChain.length > 0 && (
        <CauseChain chain={execution.causeChain} hrefOf={hrefOf} />
      )}
    </Callout>
  );
}
