import { expect, it } from "vitest";
import { canTransition, executionStatuses } from "@/lib/domain/status";
import { executionRules } from "./execution-rules";

const asked = "2026-01-01T00:00:00.000Z";

it.each(executionStatuses)("offers for %s only what the transitions allow", (status) => {
  const rules = executionRules({ status, cancelRequestedAt: null });

  expect(rules.cancel !== null).toBe(canTransition(status, "CANCELLED"));
  expect(rules.pause).toBe(canTransition(status, "PAUSED"));
  expect(rules.resume).toBe(status === "PAUSED");
  expect(rules.retry).toBe(["FAILED", "TIMEOUT", "CANCELLED"].includes(status));
});

it("offers force once a running one was asked to stop", () => {
  expect(executionRules({ status: "RUNNING", cancelRequestedAt: asked }).cancel).toBe("force");
});

it("offers nothing harder after force", () => {
  const execution = { status: "RUNNING", cancelRequestedAt: asked, cancelForce: true } as const;

  expect(executionRules(execution).cancel).toBe("stopping");
});
