import { describe, expect, it } from "vitest";
import { type AttemptEnd, decideEnding } from "./ending";
import type { ErrorClass } from "./failure";
import { canTransition } from "./status";

const policy = {
  retryStrategy: "FIXED_DELAY",
  maxRetries: 1,
  retryDelaySeconds: 5,
  maxRetryDelaySeconds: 3600,
  retryJitter: false,
  retryOnExitCodes: null,
  retryPermanentErrors: false,
} as const;

const completed: AttemptEnd = {
  kind: "completed",
  result: { exitCode: 0, durationMs: 1, runner: "process", imageDigest: null, outputs: {} },
};
const failed = (errorClass: ErrorClass): AttemptEnd => ({
  kind: "failed",
  failure: { class: errorClass, message: "no", exitCode: 1, signal: null },
});

const decide = (end: AttemptEnd, fields: Partial<Parameters<typeof decideEnding>[0]> = {}) =>
  decideEnding({
    policy,
    end,
    cancelRequested: false,
    retriesUsed: 0,
    lostInRow: 0,
    random: 0,
    ...fields,
  });

describe("the end of an attempt", () => {
  it.each([
    [
      "completed",
      completed,
      {},
      { to: "COMPLETED", outcome: "COMPLETED", reason: null, retriesUsed: 0 },
    ],
    [
      "failed with a retry left",
      failed("exit"),
      {},
      { to: "RETRYING", outcome: "FAILED", dueInSeconds: 5, retriesUsed: 1 },
    ],
    [
      "failed without a retry left",
      failed("exit"),
      { retriesUsed: 1 },
      { to: "FAILED", outcome: "FAILED", reason: "retries_used_up", retriesUsed: 1 },
    ],
    [
      "timed out with a retry left",
      failed("timeout"),
      {},
      { to: "RETRYING", outcome: "TIMEOUT", reason: "timeout" },
    ],
    [
      "timed out without a retry left",
      failed("timeout"),
      { retriesUsed: 1 },
      { to: "TIMEOUT", outcome: "TIMEOUT" },
    ],
    [
      "failed for good",
      failed("image"),
      {},
      { to: "FAILED", outcome: "FAILED", reason: "permanent_error" },
    ],
    [
      "lost",
      failed("infrastructure"),
      { retriesUsed: 1 },
      { to: "RETRYING", outcome: "LOST", dueInSeconds: 0, retriesUsed: 1, lostInRow: 1 },
    ],
    [
      "lost for the fifth time in a row",
      failed("infrastructure"),
      { lostInRow: 4 },
      { to: "FAILED", outcome: "LOST", reason: "worker_lost", lostInRow: 5 },
    ],
    [
      "lost to an engine whose breaker is open",
      failed("infrastructure"),
      { lostInRow: 4, isBreakersLoss: true },
      { to: "RETRYING", outcome: "LOST", reason: "engine_away", dueInSeconds: 0, lostInRow: 4 },
    ],
    [
      "given back",
      { kind: "released" },
      { lostInRow: 2 },
      { to: "SCHEDULED", outcome: "RELEASED", dueInSeconds: 0, retriesUsed: 0, lostInRow: 2 },
    ],
    [
      "cancelled",
      { kind: "cancelled" },
      {},
      { to: "CANCELLED", outcome: "CANCELLED", reason: "cancel_requested" },
    ],
  ] as const)("%s", (_, end, fields, expected) => {
    expect(decide(end, fields)).toMatchObject(expected);
  });

  it.each([
    completed,
    failed("exit"),
    failed("timeout"),
    failed("infrastructure"),
    { kind: "released" },
  ] as const)("is CANCELLED after a recorded request, whatever the attempt did (%#)", (end) => {
    expect(decide(end, { cancelRequested: true })).toMatchObject({ to: "CANCELLED", result: null });
  });

  it("starts counting lost attempts anew after one that was not lost", () => {
    expect(decide(failed("exit"), { lostInRow: 3 }).lostInRow).toBe(0);
  });

  it("is always a transition that the table allows", () => {
    for (const end of [
      completed,
      failed("exit"),
      failed("timeout"),
      failed("image"),
      failed("infrastructure"),
    ])
      for (const from of ["PREPARING", "RUNNING"] as const)
        for (const retriesUsed of [0, 1])
          expect(canTransition(from, decide(end, { retriesUsed }).to)).toBe(true);
  });
});
