import { describe, expect, it } from "vitest";
import { type HookContext, Hooks } from "./hooks";

const context: HookContext = {
  executionId: "e",
  runId: "r",
  projectId: "p",
  taskKey: "a",
  taskName: "A",
  attempt: 1,
  metadata: {},
};
const ended = { ...context, outcome: "completed", message: null } as const;

describe("pre-execution hooks", () => {
  it("are awaited in the order in which they were added", async () => {
    const hooks = new Hooks();
    const calls: string[] = [];
    hooks.addPreExecutionHook(async ({ taskKey }) => {
      await Promise.resolve();
      calls.push(`first ${taskKey}`);
    });
    hooks.addPreExecutionHook(() => {
      calls.push("second");
    });
    expect(await hooks.runPreExecution(context)).toEqual({ kind: "passed" });
    expect(calls).toEqual(["first a", "second"]);
  });

  it("may veto, and then none follows", async () => {
    const hooks = new Hooks();
    let isCalled = false;
    hooks.addPreExecutionHook(() => ({ veto: "not on Fridays" }));
    hooks.addPreExecutionHook(() => {
      isCalled = true;
    });
    expect(await hooks.runPreExecution(context)).toEqual({
      kind: "vetoed",
      reason: "not on Fridays",
    });
    expect(isCalled).toBe(false);
  });

  it("that throw keep the attempt from starting", async () => {
    const hooks = new Hooks();
    hooks.addPreExecutionHook(() => {
      throw new Error("no token");
    });
    expect(await hooks.runPreExecution(context)).toEqual({ kind: "failed", message: "no token" });
  });

  it("that hang are given up and told to stop", async () => {
    const hooks = new Hooks({ limitMs: 20 });
    let isTold = false;
    hooks.addPreExecutionHook((_, signal) => {
      signal.addEventListener("abort", () => {
        isTold = true;
      });
      return new Promise<void>(() => {});
    });
    expect(await hooks.runPreExecution(context)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("20 ms"),
    });
    expect(isTold).toBe(true);
  });
});

describe("post-execution hooks", () => {
  it("are all called, also after one that failed", async () => {
    const hooks = new Hooks({ limitMs: 20 });
    const calls: string[] = [];
    hooks.addPostExecutionHook(() => Promise.reject(new Error("one")));
    hooks.addPostExecutionHook(() => new Promise<void>(() => {}));
    hooks.addPostExecutionHook(({ outcome }) => {
      calls.push(outcome);
    });
    expect(await hooks.runPostExecution(ended)).toHaveLength(2);
    expect(calls).toEqual(["completed"]);
  });
});
