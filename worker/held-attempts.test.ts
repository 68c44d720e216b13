import { expect, it } from "vitest";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { AttemptControl } from "./attempt-control";
import { HeldAttempts } from "./held-attempts";

/** Of what is claimed, these alone matter here. */
const claimed = { executionId: "e", leaseToken: "t" } as ClaimedExecution;

function hold(): { held: HeldAttempts; control: AttemptControl } {
  const held = new HeldAttempts();
  const control = new AttemptControl();
  held.add({ claimed, control, done: Promise.resolve(), leasedSince: 5 });
  return { held, control };
}

it("extends the leases of what it holds, also while that is being cancelled", () => {
  const { held, control } = hold();
  control.stop("cancel", { force: true });

  expect(held.leases()).toEqual([claimed]);
  expect(held.oldestLease()).toBe(5);
});

it("lets the lease of a fenced attempt run out, however long its end takes", () => {
  const { held, control } = hold();
  control.stop("fence", { force: true });

  expect(held.leases()).toEqual([]);
  expect(held.oldestLease()).toBe(Number.POSITIVE_INFINITY);
  expect(held.size).toBe(1);
});
