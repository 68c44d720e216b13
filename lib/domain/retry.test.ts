import { describe, expect, it } from "vitest";
import type { ErrorClass } from "./failure";
import {
  decideRetry,
  lostDelay,
  type RetryPolicy,
  type RetryStrategy,
  retryCalendar,
  retryDelay,
  retryStrategies,
} from "./retry";

const policy = (fields: Partial<RetryPolicy> = {}): RetryPolicy => ({
  retryStrategy: "FIXED_DELAY",
  maxRetries: 3,
  retryDelaySeconds: 5,
  maxRetryDelaySeconds: 3600,
  retryJitter: false,
  retryOnExitCodes: null,
  retryPermanentErrors: false,
  ...fields,
});

const delays = (strategy: RetryStrategy, fields: Partial<RetryPolicy> = {}) =>
  [1, 2, 3, 4, 5].map((n) => retryDelay(policy({ retryStrategy: strategy, ...fields }), n));

describe("the delay before a retry", () => {
  it.each<[RetryStrategy, (number | null)[]]>([
    ["NONE", [null, null, null, null, null]],
    ["IMMEDIATE", [0, 0, 0, 0, 0]],
    ["FIXED_DELAY", [5, 5, 5, 5, 5]],
    ["EXPONENTIAL_BACKOFF", [10, 20, 40, 80, 160]],
    ["FIBONACCI_BACKOFF", [5, 5, 10, 15, 25]],
  ])("follows %s", (strategy, expected) => {
    expect(delays(strategy)).toEqual(expected);
  });

  it.each<[RetryStrategy, number[]]>([
    ["FIXED_DELAY", [4, 4, 4, 4, 4]],
    ["EXPONENTIAL_BACKOFF", [4, 4, 4, 4, 4]],
    ["FIBONACCI_BACKOFF", [4, 4, 4, 4, 4]],
  ])("never passes its cap with %s", (strategy, expected) => {
    expect(delays(strategy, { maxRetryDelaySeconds: 4 })).toEqual(expected);
  });

  it.each([...retryStrategies])(
    "stays a finite number with %s, however many retries there were",
    (strategy) => {
      for (const n of [64, 1100, 5000, 1e9]) {
        const delay = retryDelay(policy({ retryStrategy: strategy, retryDelaySeconds: 86_400 }), n);
        expect(delay === null || (delay >= 0 && delay <= 3600)).toBe(true);
      }
    },
  );
});

describe("whether a failed attempt is retried", () => {
  const decide = (fields: Partial<Parameters<typeof decideRetry>[0]> = {}) =>
    decideRetry({
      policy: policy(),
      errorClass: "exit",
      exitCode: 1,
      retriesUsed: 0,
      random: 0,
      ...fields,
    });

  it.each([0, 1, 2])("yes while %i of three retries are used", (retriesUsed) => {
    expect(decide({ retriesUsed })).toEqual({ retry: true, delaySeconds: 5 });
  });

  it.each([
    ["all retries are used up", { retriesUsed: 3 }, "retries_used_up"],
    ["the strategy is NONE", { policy: policy({ retryStrategy: "NONE" }) }, "no_retries"],
    ["no retry is allowed", { policy: policy({ maxRetries: 0 }) }, "no_retries"],
    ["the exit code is not listed", { policy: policy({ retryOnExitCodes: [75] }) }, "exit_code"],
    [
      "a signal ended it and exit codes are listed",
      { exitCode: null, policy: policy({ retryOnExitCodes: [75] }) },
      "exit_code",
    ],
  ] as const)("no, when %s", (_, fields, reason) => {
    expect(decide(fields)).toEqual({ retry: false, reason });
  });

  it.each<[ErrorClass, boolean]>([
    ["exit", true],
    ["timeout", true],
    ["image", false],
    ["command_not_found", false],
    ["invalid", false],
  ])("an error of class %s: %s", (errorClass, retry) => {
    expect(decide({ errorClass }).retry).toBe(retry);
    expect(decide({ errorClass, policy: policy({ retryPermanentErrors: true }) }).retry).toBe(true);
  });

  it("lists an exit code that is retried", () => {
    expect(decide({ exitCode: 75, policy: policy({ retryOnExitCodes: [75] }) }).retry).toBe(true);
  });

  it.each([
    [0, 2.5],
    [0.5, 3.75],
    [0.75, 4.375],
  ])("draws the delay from its upper half when jitter is on (%f)", (random, delaySeconds) => {
    expect(decide({ random, policy: policy({ retryJitter: true }) })).toEqual({
      retry: true,
      delaySeconds,
    });
  });
});

it("waits longer after each lost attempt and gives up at the fifth", () => {
  expect([1, 2, 3, 4, 5].map(lostDelay)).toEqual([0, 5, 10, 20, null]);
});

it("lists the starts of all coming attempts", () => {
  expect(retryCalendar(policy({ retryStrategy: "EXPONENTIAL_BACKOFF" }))).toEqual([10, 30, 70]);
  expect(retryCalendar(policy({ retryStrategy: "NONE" }))).toEqual([]);
});
