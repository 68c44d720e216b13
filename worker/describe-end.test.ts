import { describe, expect, it } from "vitest";
import { MAX_RESULT_BYTES } from "@/lib/domain/limits";
import { describeEnd } from "./describe-end";
import type { RunOutcome } from "./runners/runner";

const exited = (fields: Partial<Extract<RunOutcome, { kind: "exited" }>> = {}): RunOutcome => ({
  kind: "exited",
  exitCode: 0,
  signal: null,
  output: null,
  imageDigest: null,
  ...fields,
});

const end = (outcome: RunOutcome, fields: Partial<Parameters<typeof describeEnd>[0]> = {}) =>
  describeEnd({
    outcome,
    stopReason: null,
    timeoutSeconds: 5,
    durationMs: 10,
    runner: "process",
    lastLines: () => ["one", "two"],
    secrets: [],
    ...fields,
  });

describe("the end of an attempt", () => {
  it.each([
    ["infrastructure", true],
    ["image", false],
  ] as const)("of class %s is the engine's fault: %s", (errorClass, isEngineFault) => {
    const outcome = { kind: "failed", errorClass, message: "no" } as const;

    expect(end(outcome)).toMatchObject({ kind: "failed", isEngineFault });
    expect(end(outcome, { stopReason: "timeout" })).not.toHaveProperty("isEngineFault");
  });

  it("is completed with its outputs at exit code 0", () => {
    expect(end(exited({ output: "a=1\nb=two" }))).toMatchObject({
      kind: "completed",
      result: { exitCode: 0, durationMs: 10, outputs: { a: "1", b: "two" } },
    });
  });

  it.each([
    [
      "an exit code",
      exited({ exitCode: 3 }),
      { class: "exit", exitCode: 3, message: "Exit code 3: two\none" },
    ],
    [
      "a signal",
      exited({ exitCode: null, signal: "SIGSEGV" }),
      { class: "exit", signal: "SIGSEGV", message: "Ended by SIGSEGV: two\none" },
    ],
    [
      "SIGKILL that nobody here sent",
      exited({ exitCode: null, signal: "SIGKILL" }),
      { message: expect.stringContaining("possibly out of memory") },
    ],
    [
      "SIGKILL in a container",
      exited({ exitCode: 137 }),
      { exitCode: 137, message: "Exit code 137 (SIGKILL, possibly out of memory): two\none" },
    ],
    [
      "a missing image",
      { kind: "failed", errorClass: "image", message: "no such image" },
      { class: "image", message: "no such image" },
    ],
    [
      "an output file that cannot be read",
      exited({ output: "no equals sign" }),
      { class: "invalid", message: expect.stringContaining("TASK_OUTPUT") },
    ],
    [
      "an output file that is too large",
      exited({ output: `a=${"x".repeat(MAX_RESULT_BYTES)}` }),
      { class: "invalid", message: expect.stringContaining("result_too_large") },
    ],
    ["a stop that nobody asked for", { kind: "stopped" }, { class: "infrastructure" }],
  ] as const)("is a failure after %s", (_, outcome, failure) => {
    expect(end(outcome)).toMatchObject({ kind: "failed", failure });
  });

  it.each([exited(), exited({ exitCode: 1 }), { kind: "stopped" } as const])(
    "follows whoever stopped it, whatever the work did (%#)",
    (outcome) => {
      expect(end(outcome, { stopReason: "cancel" })).toEqual({ kind: "cancelled" });
      expect(end(outcome, { stopReason: "drain" })).toEqual({ kind: "released" });
      expect(end(outcome, { stopReason: "timeout" })).toMatchObject({
        failure: { class: "timeout", message: expect.stringContaining("5 s") },
      });
    },
  );

  it("holds no secret in errors and outputs", () => {
    const secrets = ["hunter22"];
    expect(
      JSON.stringify(
        end({ kind: "failed", errorClass: "image", message: "bad hunter22" }, { secrets }),
      ),
    ).not.toContain("hunter22");
    expect(JSON.stringify(end(exited({ output: "p=hunter22" }), { secrets }))).not.toContain(
      "hunter22",
    );
  });
});
