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
const going = new AbortController().signal;
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
    expect(await hooks.runPreExecution(context, going)).toEqual({ kind: "passed" });
    expect(calls).toEqual(["first a", "second"]);
  });

  it("may veto, and then none follows", async () => {
    const hooks = new Hooks();
    let isCalled = false;
    hooks.addPreExecutionHook(() => ({ veto: "not on Fridays" }));
    hooks.addPreExecutionHook(() => {
      isCalled = true;
    });
    expect(await hooks.runPreExecution(context, going)).toEqual({
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
    expect(await hooks.runPreExecution(context, going)).toEqual({
      kind: "failed",
      message: "no token",
    });
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
    expect(await hooks.runPreExecution(context, going)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("20 ms"),
    });
    expect(isTold).toBe(true);
  });
});

describe("a pre-execution hook of an attempt that is stopped", () => {
  it("is given up at once, told so, and the last that is called", async () => {
    const hooks = new Hooks();
    const stop = new AbortController();
    const calls: string[] = [];
    hooks.addPreExecutionHook((_, signal) => {
      signal.addEventListener("abort", () => calls.push(`told: ${signal.reason.message}`));
      setImmediate(() => stop.abort());
      return new Promise<void>(() => {});
    });
    hooks.addPreExecutionHook(() => {
      calls.push("second");
    });
    expect(await hooks.runPreExecution(context, stop.signal)).toEqual({ kind: "stopped" });
    expect(calls).toEqual(["told: The attempt was stopped."]);
  });

  it("is not called when the attempt was stopped before", async () => {
    const hooks = new Hooks();
    let isCalled = false;
    hooks.addPreExecutionHook(() => {
      isCalled = true;
    });
    expect(await hooks.runPreExecution(context, AbortSignal.abort())).toEqual({ kind: "stopped" });
    expect(isCalled).toBe(false);
  });
});

describe("a hook that was given up", () => {
  it("may fail or veto later without any effect", async () => {
    const hooks = new Hooks({ limitMs: 10 });
    const later: (() => void)[] = [];
    hooks.addPreExecutionHook(
      () => new Promise((_, reject) => later.push(() => reject(new Error("too late")))),
    );
    hooks.addPostExecutionHook(
      () => new Promise((_, reject) => later.push(() => reject(new Error("too late")))),
    );
    expect(await hooks.runPreExecution(context, going)).toMatchObject({ kind: "failed" });
    expect(await hooks.runPostExecution(ended)).toHaveLength(1);

    for (const fail of later) fail();

    // An unhandled rejection would end the test run, and a worker.
    await new Promise((resolve) => setImmediate(resolve));
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
