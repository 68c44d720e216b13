import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { runKey } from "@/lib/client/query-keys";
import { createRunStates } from "./run-states";

function stateOf(statuses: Record<string, string>) {
  const executions = Object.entries(statuses).map(([executionId, status]) => ({
    executionId,
    status,
  }));
  return { run: { pausedAt: null }, executions, now: "2026-01-01T00:00:00.000Z" };
}

it("gives the same object for an execution that did not change", () => {
  const client = new QueryClient();
  const states = createRunStates(client, "r");
  client.setQueryData(runKey("r"), stateOf({ a: "RUNNING", b: "PENDING" }));
  const before = states.get("b");

  client.setQueryData(runKey("r"), stateOf({ a: "COMPLETED", b: "PENDING" }));

  expect(states.get("a")?.status).toBe("COMPLETED");
  expect(states.get("b")).toBe(before);
});

it("tells its listeners of this run's changes alone, until they leave", () => {
  const client = new QueryClient();
  const states = createRunStates(client, "r");
  const listener = vi.fn();
  const leave = states.subscribe(listener);

  client.setQueryData(runKey("other"), stateOf({ a: "RUNNING" }));
  expect(listener).not.toHaveBeenCalled();
  client.setQueryData(runKey("r"), stateOf({ a: "RUNNING" }));
  expect(listener).toHaveBeenCalled();

  listener.mockClear();
  leave();
  client.setQueryData(runKey("r"), stateOf({ a: "COMPLETED" }));
  expect(listener).not.toHaveBeenCalled();
});
