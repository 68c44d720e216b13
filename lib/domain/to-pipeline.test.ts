// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to outputs look like that
import { describe, expect, it } from "vitest";
import { findReferencedTasks, parseWorkflow, toPipeline } from "./to-pipeline";

const containerized = (params: object) =>
  parseWorkflow({
    workflowType: "containerized_workflow",
    workflowParams: { image: "alpine:3.20", command: ["echo", "hi"], ...params },
  });

const context = {
  outputs: new Map([["a", { n: 42, text: "${tasks.a.outputs.n}" }]]),
  secrets: { TOKEN: "s3cret" },
  env: { DAGLINE_ATTEMPT: "1" },
};

describe("a pipeline", () => {
  it("fills references in, once, and keeps every other dollar sign", () => {
    const workflow = containerized({
      command: [
        "sh",
        "-c",
        "echo ${tasks.a.outputs.n} ${tasks.a.outputs.text} $HOME ${x} $${tasks.a.outputs.n}",
      ],
      env: { N: "n=${tasks.a.outputs.n}" },
      inputs: { level: 3, from: "${tasks.a.outputs.n}" },
    });
    expect(findReferencedTasks(workflow)).toEqual(["a"]);
    expect(toPipeline(workflow, context).steps).toEqual([
      {
        name: null,
        image: "alpine:3.20",
        command: ["sh", "-c", "echo 42 ${tasks.a.outputs.n} $HOME ${x} ${tasks.a.outputs.n}"],
        workdir: null,
        env: { INPUT_LEVEL: "3", INPUT_FROM: "42", N: "n=42", DAGLINE_ATTEMPT: "1" },
      },
    ]);
  });

  it.each([
    ["${tasks.b.outputs.n}", /no completed task "b"/],
    ["${tasks.a.outputs.other}", /"a" gave no output "other"/],
    ["${tasks.a.outputs.toString}", /no output "toString"/],
  ])("is refused for %s, which has no value", (reference, message) => {
    expect(() => toPipeline(containerized({ env: { X: reference } }), context)).toThrow(message);
  });

  it("takes secrets by name and refuses one that is not configured", () => {
    expect(toPipeline(containerized({ secrets: { PASSWORD: "TOKEN" } }), context).secrets).toEqual({
      PASSWORD: "s3cret",
    });
    expect(() => toPipeline(containerized({ secrets: { PASSWORD: "OTHER" } }), context)).toThrow(
      /DAGLINE_SECRET_OTHER/,
    );
  });

  it("keeps the steps of a pipeline in order, each with its own variables over the common ones", () => {
    const workflow = parseWorkflow({
      workflowType: "dagger_pipeline",
      workflowParams: {
        env: { A: "common", B: "common" },
        steps: [
          { name: "one", image: "alpine:3.20", command: ["true"], env: { A: "own" } },
          { image: "node:20", command: ["node"], workdir: "app" },
        ],
      },
    });
    expect(
      toPipeline(workflow, context).steps.map(({ name, image, env, workdir }) => [
        name,
        image,
        env.A,
        env.B,
        workdir,
      ]),
    ).toEqual([
      ["one", "alpine:3.20", "own", "common", null],
      [null, "node:20", "common", "common", "app"],
    ]);
  });

  it("accepts the specification's shape of params", () => {
    const workflow = parseWorkflow({
      workflowType: "containerized_workflow",
      workflowParams: { inputs: { container_image: "alpine:3.20", command: ["ls"], path: "/" } },
    });
    expect(workflow.workflowParams).toMatchObject({
      image: "alpine:3.20",
      command: ["ls"],
      inputs: { path: "/" },
    });
  });

  it.each([
    null,
    7,
    "x",
    [],
    { image: 7 },
    { image: "alpine" },
    { image: "alpine", command: "ls -l" },
  ])("is not made of unusable params (%#)", (workflowParams) => {
    expect(() => parseWorkflow({ workflowType: "containerized_workflow", workflowParams })).toThrow(
      expect.objectContaining({ name: "EngineError" }),
    );
  });
});
