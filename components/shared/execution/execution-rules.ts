import {
  type ExecutionStatus,
  isFinal,
  isHeld,
  isPausable,
  isRetryable,
} from "@/lib/domain/status";

type CancelKind =
  /** Ends it: at once when it waits, with a grace when it runs. */
  | "soft"
  /** It was asked to stop and still runs: without a grace. */
  | "force"
  /** Force was asked for already; there is nothing harder. */
  | "stopping";

export type ExecutionRules = {
  /** Null when there is nothing to cancel. */
  cancel: CancelKind | null;
  retry: boolean;
  pause: boolean;
  resume: boolean;
};

/** What a person can do with an execution now. */
export function executionRules(execution: {
  status: ExecutionStatus;
  cancelRequestedAt: string | null;
  cancelForce?: boolean;
}): ExecutionRules {
  const { status } = execution;
  return {
    cancel: cancelKind(execution),
    retry: isRetryable(status),
    pause: isPausable(status),
    resume: status === "PAUSED",
  };
}

function cancelKind(execution: Parameters<typeof executionRules>[0]): CancelKind | null {
  if (isFinal(execution.status)) return null;
  if (!isHeld(execution.status) || execution.cancelRequestedAt === null) return "soft";
  return execution.cancelForce ? "stopping" : "force";
}
