"use client";

import { memo } from "react";
import type { NodeProps } from "reactflow";
import { FixedNodeEnds } from "@/components/canvas/node-ends";
import { TaskNodeCard } from "@/components/canvas/task-node-card";
import { Duration } from "@/components/shared/duration";
import { Countdown } from "@/components/shared/execution/countdown";
import {
  attemptOfBudget,
  describeState,
  type StateWords,
} from "@/components/shared/execution/state-words";
import { useServerNow } from "@/components/shared/execution/use-server-now";
import { useSlots } from "@/components/shared/execution/use-slots";
import { StatusIcon } from "@/components/shared/status-badge";
import { isClaimable } from "@/lib/domain/status";
import type { ExecutionState } from "@/lib/domain/views";
import { useExecutionState, useIsRunPaused } from "./run-states";
import type { RunFlowNode } from "./to-run-flow";

/** An execution on the canvas. It reads its own state, so a change renders this node and no other. */
export const RunNode = memo(function RunNode({ data, selected }: NodeProps<RunFlowNode>) {
  const state = useExecutionState(data.executionId);
  return (
    <>
      <FixedNodeEnds />
      {state ? (
        <StatedCard data={data} state={state} selected={selected} />
      ) : (
        <TaskNodeCard name={data.name} selected={selected} />
      )}
    </>
  );
});

type CardProps = { data: RunFlowNode["data"]; state: ExecutionState; selected: boolean };

/** Only what waits in the queue depends on the time and on the workers; the others need not listen to them. */
function StatedCard(props: CardProps) {
  const { data, state } = props;
  const runPaused = useIsRunPaused();
  if (isClaimable(state.status)) return <WaitingCard {...props} runPaused={runPaused} />;
  const context = { system: undefined, now: 0, causeName: causeNameOf(data, state), runPaused };
  return <Card {...props} words={describeState(state, context)} />;
}

function WaitingCard({ runPaused, ...props }: CardProps & { runPaused: boolean }) {
  const system = useSlots();
  const now = useServerNow();
  const { pool } = props.data;
  return <Card {...props} words={describeState(props.state, { system, now, runPaused, pool })} />;
}

function Card({ data, state, selected, words }: CardProps & { words: StateWords }) {
  return (
    <TaskNodeCard
      name={data.name}
      status={state.status}
      selected={selected}
      icon={<StatusIcon status={state.status} />}
      badge={<AttemptCount state={state} maxRetries={data.maxRetries} />}
      line={<span className="text-status font-medium">{state.status}</span>}
      lineEnd={<When state={state} countdownTo={words.countdownTo} />}
      footer={
        words.why !== null && (
          <span title={words.why} className={words.isError ? "text-status" : undefined}>
            {words.why}
          </span>
        )
      }
    />
  );
}

function causeNameOf(data: RunFlowNode["data"], state: ExecutionState): string | undefined {
  return state.causeExecutionId === null ? undefined : data.causeNames.get(state.causeExecutionId);
}

/** Only what is worth a glance: further attempts, or that there will be some. */
function AttemptCount({ state, maxRetries }: { state: ExecutionState; maxRetries: number }) {
  if (state.attempt < 2 && state.status !== "RETRYING") return null;
  return (
    <span className="text-muted shrink-0 text-xs tabular-nums" title="Attempt">
      {attemptOfBudget(state.attempt, maxRetries)}
    </span>
  );
}

function When({ state, countdownTo }: { state: ExecutionState; countdownTo: string | null }) {
  if (countdownTo !== null) return <Countdown to={countdownTo} className="text-fg" />;
  if (state.startedAt === null) return null;
  if (state.finishedAt === null && state.status !== "RUNNING" && state.status !== "PREPARING")
    return null;
  return <Duration from={state.startedAt} to={state.finishedAt} />;
}
