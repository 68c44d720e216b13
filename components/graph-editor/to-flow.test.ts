import { describe, expect, it } from "vitest";
import { changeTask, moveNodes } from "./draft-edits";
import { draftOf } from "./test-drafts";
import {
  countProblems,
  createEdgeTranslator,
  createNodeTranslator,
  dependencyOf,
  edgeIdOf,
} from "./to-flow";

const none = { marks: new Map(), selected: new Set<string>() };

describe("nodes", () => {
  it("stand where the tasks are drawn, with name and problems to be read out", () => {
    const marks = countProblems([
      { taskId: "a", path: "name", message: "", severity: "error" },
      { taskId: "a", path: "references", message: "", severity: "warning" },
      { taskId: null, path: "name", message: "", severity: "error" },
    ]);

    const [a, b] = createNodeTranslator()(draftOf(["a", "b"]).nodes, {
      marks,
      selected: new Set(["b"]),
    });

    expect(a).toMatchObject({ id: "a", position: { x: 0, y: 0 }, ariaLabel: "a, 1 error" });
    expect(b).toMatchObject({ position: { x: 320, y: 0 }, ariaLabel: "b", selected: true });
  });

  it("are the same objects again when nothing of them changed", () => {
    const draft = draftOf(["a", "b"]);
    const toFlow = createNodeTranslator();
    const before = toFlow(draft.nodes, none);

    const after = toFlow(moveNodes(new Map([["a", { x: 5, y: 5 }]]))(draft).nodes, none);

    expect(after[1]).toBe(before[1]);
    expect(after[0]).not.toBe(before[0]);
    expect(after[0]?.data).toBe(before[0]?.data);
  });

  it("are new when task, selection or problems changed", () => {
    const draft = draftOf(["a", "b", "c"]);
    const toFlow = createNodeTranslator();
    const before = toFlow(draft.nodes, none);

    const after = toFlow(changeTask("a", { name: "A" })(draft).nodes, {
      marks: new Map([["b", { errors: 1, warnings: 0 }]]),
      selected: new Set(["c"]),
    });

    for (const i of [0, 1, 2]) expect(after[i]).not.toBe(before[i]);
  });
});

describe("edges", () => {
  it("go from the task that is waited for to the one that waits", () => {
    const [edge] = createEdgeTranslator()(draftOf(["a", "b after a"]), new Set());

    expect(edge).toMatchObject({ source: "a", target: "b", ariaLabel: "b waits for a" });
  });

  it("are named so that the dependency can be read back", () => {
    const dependency = { taskId: "b", dependsOnTaskId: "a" };

    expect(dependencyOf(edgeIdOf(dependency))).toEqual(dependency);
  });

  it("are the same objects again when nothing of them changed", () => {
    const draft = draftOf(["a", "b after a", "c after b"]);
    const toEdges = createEdgeTranslator();
    const before = toEdges(draft, new Set());

    const after = toEdges(draft, new Set(["b>c"]));

    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
