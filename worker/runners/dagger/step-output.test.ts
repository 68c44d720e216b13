import { describe, expect, it } from "vitest";
import type { OutputStream } from "@/worker/runners/runner";
import { createStepOutput, findMissing } from "./step-output";

function collect() {
  const printed: string[] = [];
  const output = createStepOutput((stream, chunk) =>
    printed.push(`${stream} ${Buffer.from(chunk).toString("utf8")}`),
  );
  const accept = (stream: OutputStream, text: string, isEnd = false) =>
    output.accept({ traceId: "", stream, text, isEnd });
  return { output, printed, accept };
}

describe("the output of a step", () => {
  it("is printed once when all of it arrived live", () => {
    const { output, printed, accept } = collect();
    accept("stdout", "one\n");
    accept("stderr", "two\n");
    output.complete("stdout", "one\n");
    output.complete("stderr", "two\n");

    expect(printed).toEqual(["stdout one\n", "stderr two\n"]);
  });

  it("is printed from the result when nothing arrived live", () => {
    const { output, printed, accept } = collect();
    output.complete("stdout", "all\n");
    accept("stdout", "all\n");

    expect(printed).toEqual(["stdout all\n"]);
  });

  it("is completed with what was lost on the way", () => {
    const { output, printed, accept } = collect();
    accept("stdout", "a\n");
    accept("stdout", "c\n");
    output.complete("stdout", "a\nb\nc\nd\n");

    expect(printed).toEqual(["stdout a\n", "stdout c\n", "stdout b\n", "stdout d\n"]);
  });

  it("takes a cut text only for a stream that was silent", () => {
    const { output, printed, accept } = collect();
    accept("stdout", "live\n");
    output.fallBack("stdout", "live");
    output.fallBack("stderr", "late");

    expect(printed).toEqual(["stdout live\n", "stderr late"]);
  });

  it("has ended when both streams have", async () => {
    const { output, accept } = collect();
    let ended = false;
    const waiting = output.ended.then(() => {
      ended = true;
    });
    accept("stdout", "", true);
    accept("stdout", "", true);
    await Promise.resolve();
    expect(ended).toBe(false);

    accept("stderr", "", true);
    await waiting;
    expect(ended).toBe(true);
  });

  it("is not checked again when it was large", () => {
    const { output, accept } = collect();
    accept("stdout", "x".repeat(600_000));
    expect(output.isCheckable()).toBe(true);

    accept("stdout", "x".repeat(600_000));
    expect(output.isCheckable()).toBe(false);
  });
});

describe("what is missing", () => {
  it.each([
    [[], "", []],
    [[], "all", ["all"]],
    [["all"], "all", []],
    [["a"], "ab", ["b"]],
    [["b"], "ab", ["a"]],
    [["b", "d"], "abcde", ["a", "c", "e"]],
    [["x", "x"], "xx", []],
    [["x"], "xx", ["x"]],
    [["other"], "whole", ["whole"]],
    [["", ""], "w", ["w"]],
  ])("of %j in %j is %j", (pieces, whole, missing) => {
    expect(findMissing(pieces, whole)).toEqual(missing);
  });
});
