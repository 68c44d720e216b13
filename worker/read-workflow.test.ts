import { describe, expect, test } from "vitest";
import { readWorkflow } from "./read-workflow";

const stored = (script: string, more: object = {}) => ({
  workflowType: "containerized_workflow",
  workflowParams: { image: "alpine:3.20", command: ["sh", "-c", script], ...more },
});

describe("readWorkflow", () => {
  test("returns a workflow with its defaults and the tasks whose outputs it refers to", () => {
    const { workflow, taskKeys } = readWorkflow(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as people write it
      stored("echo ${tasks.first.outputs.name}"),
    );

    expect(workflow.workflowParams).toMatchObject({ image: "alpine:3.20", env: {}, secrets: {} });
    expect(taskKeys).toEqual(["first"]);
  });

  test("keeps what it has read, and tells one workflow from another", () => {
    const one = readWorkflow(stored("echo 1"));

    expect(readWorkflow(stored("echo 1"))).toBe(one);
    expect(readWorkflow(stored("echo 2"))).not.toBe(one);
    expect(
      readWorkflow(stored("echo 1", { workdir: "app" })).workflow.workflowParams,
    ).toHaveProperty("workdir", "app");
  });

  test("refuses a broken one every time, also when another type has the same params", () => {
    readWorkflow(stored("echo 3"));
    for (let time = 0; time < 2; time++) {
      expect(() =>
        readWorkflow({ ...stored("echo 3"), workflowType: "dagger_pipeline" }),
      ).toThrow();
      expect(() => readWorkflow(stored("echo 3", { image: 7 }))).toThrow("image");
    }
  });

  test("forgets the oldest of many, and keeps no long ones", () => {
    const first = readWorkflow(stored("first of many"));
    const long = readWorkflow(stored("x".repeat(5000)));
    expect(readWorkflow(stored("first of many"))).toBe(first);
    expect(readWorkflow(stored("x".repeat(5000)))).not.toBe(long);

    for (let i = 0; i < 500; i++) readWorkflow(stored(`one of many ${i}`));

    expect(readWorkflow(stored("first of many"))).not.toBe(first);
  });
});
