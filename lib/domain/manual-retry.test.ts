import { describe, expect, it } from "vitest";
import { planRetry, type RetryNode } from "./manual-retry";
import type { ExecutionStatus } from "./status";

function node(
  id: string,
  status: ExecutionStatus,
  dependsOn: string[] = [],
  reason: string | null = null,
): RetryNode {
  return { id, status, reason, dependsOn };
}

const plan = (nodes: RetryNode[], chosen: string[], also: string[] = []) =>
  planRetry(nodes, { chosen: new Set(chosen), also: new Set(also) });

describe("a person's retry", () => {
  it("revives what was cancelled because of the retried one, down the whole chain", () => {
    const nodes = [
      node("a", "FAILED"),
      node("b", "CANCELLED", ["a"], "upstream_failed"),
      node("c", "CANCELLED", ["b"], "upstream_failed"),
      node("d", "CANCELLED", ["a"], "cancel_requested"),
    ];
    expect(plan(nodes, ["a"])).toEqual({ ok: true, retried: ["a"], revived: ["b", "c"] });
  });

  it("leaves what also waits for another failure", () => {
    const nodes = [
      node("a", "FAILED"),
      node("b", "FAILED"),
      node("c", "CANCELLED", ["a", "b"], "upstream_failed"),
    ];
    expect(plan(nodes, ["a"])).toEqual({ ok: true, retried: ["a"], revived: [] });
    expect(plan(nodes, ["a", "b"])).toEqual({ ok: true, retried: ["a", "b"], revived: ["c"] });
  });

  it("is refused while something upstream has ended without completing, and names it", () => {
    const nodes = [node("a", "FAILED"), node("b", "CANCELLED", ["a"], "upstream_failed")];
    expect(plan(nodes, ["b"])).toEqual({ ok: false, id: "b", blockedBy: "a" });
  });

  it.each<ExecutionStatus>([
    "COMPLETED",
    "RUNNING",
    "PENDING",
    "SCHEDULED",
    "PREPARING",
    "PAUSED",
    "RETRYING",
  ])("is refused for one that is %s", (status) => {
    expect(plan([node("a", status)], ["a"])).toEqual({ ok: false, id: "a", blockedBy: null });
  });

  it("takes those downstream with it where nothing stands in their way", () => {
    const nodes = [
      node("x", "FAILED"),
      node("a", "CANCELLED", [], "cancel_requested"),
      node("b", "CANCELLED", ["a"], "cancel_requested"),
      node("c", "CANCELLED", ["a", "x"], "cancel_requested"),
    ];
    expect(plan(nodes, ["a"], ["b", "c"])).toEqual({ ok: true, retried: ["a"], revived: ["b"] });
  });

  it("does not depend on the order in which executions are given", () => {
    const nodes = [
      node("c", "CANCELLED", ["b"], "upstream_failed"),
      node("b", "CANCELLED", ["a"], "upstream_failed"),
      node("a", "TIMEOUT"),
    ];
    expect(plan(nodes, ["a"])).toMatchObject({ ok: true, revived: ["b", "c"] });
  });
});
