import { describe, expect, it } from "vitest";
import type { PipelineStep } from "@/lib/domain/pipeline";
import { stepTrace } from "./step-trace";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

const step: PipelineStep = {
  name: null,
  image: "alpine:3.20",
  command: ["true"],
  env: {},
  workdir: null,
};

const pipeline = (...steps: PipelineStep[]) => ({ steps, secrets: {} });

describe("the trace in which the engine works for a step", () => {
  it("is the attempt's where there is one step", () => {
    expect(stepTrace({ pipeline: pipeline(step), traceparent })).toEqual({
      traceId,
      spanId: "b7ad6b7169203331",
    });
  });

  it.each([
    ["nothing is traced", { pipeline: pipeline(step), traceparent: null }],
    ["there are several steps", { pipeline: pipeline(step, step), traceparent }],
  ])("is one of its own where %s", (_, request) => {
    const [first, second] = [stepTrace(request), stepTrace(request)];
    expect(first.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(first.traceId).not.toBe(second.traceId);
    expect(first.traceId).not.toBe(traceId);
  });
});
