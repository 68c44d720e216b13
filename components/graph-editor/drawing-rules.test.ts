import { describe, expect, it } from "vitest";
import { calendarOf } from "./calendar-of";
import { copyTasks, pasteTasks, readClipboard, writeClipboard } from "./clipboard";
import { compareDrafts } from "./compare-drafts";
import { connectionProblem } from "./connection-problem";
import { changeGraph, changeTask, connect, freePlace, moveNodes, remove } from "./draft-edits";
import { findDraftProblems } from "./draft-problems";
import { tasksToRun } from "./run-scope";
import { newTaskDraft } from "./task-draft";
import { draftOf } from "./test-drafts";
import { freshName, uniqueKey } from "./unique-key";

describe("connectionProblem", () => {
  const draft = draftOf(["a", "b after a", "c after b", "d"]);

  it.each([
    ["d", "a", null],
    ["c", "a", null],
    ["a", "a", "A task cannot wait for itself."],
    ["b", "a", "“b” already waits for “a”."],
    ["a", "c", "This would close a cycle: a → b → c → a."],
    ["a", "b", "This would close a cycle: a → b → a."],
  ])("lets %s wait for %s unless there is a reason", (taskId, dependsOnTaskId, problem) => {
    expect(connectionProblem(draft, { taskId, dependsOnTaskId })).toBe(problem);
  });
});

const NOTHING = { tasks: [], pools: null };

describe("findDraftProblems", () => {
  it("finds nothing in a drawing of new tasks", () => {
    expect(findDraftProblems(draftOf(["a", "b after a"]), NOTHING)).toEqual([]);
  });

  it("finds a key that two tasks share, at both", () => {
    const problems = findDraftProblems(draftOf(["a", "b"], { b: { key: "a" } }), NOTHING);

    expect(problems.map(({ taskId, path }) => [taskId, path])).toEqual([
      ["a", "key"],
      ["b", "key"],
    ]);
  });

  it("finds a key of another task of the project, but not the task's own", () => {
    const stored = [
      { taskId: "a", key: "a", name: "a" },
      { taskId: "x", key: "b", name: "Elsewhere" },
    ];

    const problems = findDraftProblems(draftOf(["a", "b"]), { ...NOTHING, tasks: stored });

    expect(problems).toMatchObject([{ taskId: "b", path: "key", severity: "error" }]);
  });

  it("finds a pool that the project does not have, once its pools are known", () => {
    const draft = draftOf(["a", "b", "c"], { a: { pool: "db" }, b: { pool: "gone" } });

    expect(findDraftProblems(draft, NOTHING)).toEqual([]);
    expect(findDraftProblems(draft, { ...NOTHING, pools: new Set(["db"]) })).toMatchObject([
      { taskId: "b", path: "pool", severity: "error" },
    ]);
  });

  it("warns of references to what is unknown or does not come before", () => {
    const command = ["echo", `\${tasks.b.outputs.x} \${tasks.gone.outputs.x}`];
    const problems = findDraftProblems(draftOf(["a", "b after a"], { a: { command } }), NOTHING);

    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      ["warning", "It uses outputs of “b”, but does not wait for it."],
      ["warning", "It uses outputs of “gone”, which is not in this graph."],
    ]);
  });

  it("says nothing of references to earlier tasks, also through others", () => {
    const command = ["echo", `\${tasks.a.outputs.x}`];

    expect(
      findDraftProblems(draftOf(["a", "b after a", "c after b"], { c: { command } }), NOTHING),
    ).toEqual([]);
  });

  it("finds an empty name of the graph", () => {
    const draft = changeGraph({ name: " " })(draftOf(["a"]));

    expect(findDraftProblems(draft, NOTHING)).toMatchObject([{ taskId: null, path: "name" }]);
  });
});

describe("edits", () => {
  it("takes the dependencies of a removed task with it", () => {
    const draft = remove(new Set(["b"]))(draftOf(["a", "b after a", "c after a b"]));

    expect(draft.dependencies).toEqual([{ taskId: "c", dependsOnTaskId: "a" }]);
  });

  it("leaves untouched tasks the very same objects", () => {
    const before = draftOf(["a", "b"]);
    const after = moveNodes(new Map([["a", { x: 8, y: 8 }]]))(before);

    expect(after.nodes[1]).toBe(before.nodes[1]);
  });

  it("finds a place below tasks that are in the way", () => {
    const { nodes } = draftOf(["a"]);

    expect(freePlace(nodes, { x: 40, y: 10 })).toEqual({ x: 40, y: 106 });
    expect(freePlace(nodes, { x: 400, y: 10 })).toEqual({ x: 400, y: 10 });
  });
});

describe("clipboard", () => {
  const draft = draftOf(["a", "b after a", "c after b"], {
    b: { command: ["echo", `\${tasks.a.outputs.x}`, `\${tasks.c.outputs.x}`] },
  });

  function paste(text: string, takenKeys: string[]) {
    const copied = readClipboard(text);
    if (!copied) throw new Error("This is no clipboard of Dagline.");
    let n = 0;
    return pasteTasks(copied, {
      takenKeys: new Set(takenKeys),
      at: { x: 1_000, y: 2_000 },
      newId: () => `new${++n}`,
    });
  }

  it("carries chosen tasks and the dependencies among them as text", () => {
    const text = writeClipboard(copyTasks(draft, new Set(["a", "b"])));

    const pasted = paste(text, ["a", "a-2", "b"]);

    expect(pasted.nodes.map(({ taskId, x, y, task }) => [taskId, x, y, task.key])).toEqual([
      ["new1", 1_000, 2_000, "a-3"],
      ["new2", 1_320, 2_000, "b-2"],
    ]);
    expect(pasted.dependencies).toEqual([{ taskId: "new2", dependsOnTaskId: "new1" }]);
  });

  it("lets references follow the new keys of what was copied along, and leaves others", () => {
    const pasted = paste(writeClipboard(copyTasks(draft, new Set(["a", "b"]))), ["a", "b"]);

    expect(pasted.nodes[1]?.task.command).toEqual([
      "echo",
      `\${tasks.a-2.outputs.x}`,
      `\${tasks.c.outputs.x}`,
    ]);
  });

  it.each(["", "hello", '{"dagline":"tasks"}', '{"dagline":"tasks","nodes":[{}]}', '"dagline"'])(
    "takes %j for no copy of tasks",
    (text) => {
      expect(readClipboard(text)).toBeNull();
    },
  );
});

describe("compareDrafts", () => {
  it("tells by task what was changed, added, moved and removed", () => {
    const before = draftOf(["a", "b after a", "c"]);
    let after = changeTask("a", { image: "x:1", timeoutSeconds: 5 })(before);
    after = connect({ taskId: "c", dependsOnTaskId: "a" })(remove(new Set(["b"]))(after));
    after = moveNodes(new Map([["c", { x: 1, y: 1 }]]))(changeGraph({ name: "New" })(after));
    const added = draftOf(["z"]);

    const changes = compareDrafts(before, { ...after, nodes: [...after.nodes, ...added.nodes] });

    expect(changes.map(({ name, what }) => [name, what])).toEqual([
      ["The graph itself", ["name"]],
      ["b", ["removed"]],
      ["a", ["image", "timeout"]],
      ["c", ["moved", "waits for a"]],
      ["z", ["added"]],
    ]);
  });

  it("finds nothing between equal drawings", () => {
    expect(compareDrafts(draftOf(["a", "b after a"]), draftOf(["a", "b after a"]))).toEqual([]);
  });
});

describe("tasksToRun", () => {
  const draft = draftOf(["a", "b after a", "c after b", "d"]);
  const selected = new Set(["c"]);

  it.each([
    ["all", undefined],
    ["selected", ["c"]],
    ["upTo", ["a", "b", "c"]],
  ] as const)("starts for %s", (scope, tasks) => {
    expect(tasksToRun(draft, { scope, selected })).toEqual(tasks);
  });
});

describe("keys and names", () => {
  it.each([
    ["fetch", [], "fetch"],
    ["fetch", ["fetch"], "fetch-2"],
    ["fetch-2", ["fetch-2"], "fetch-3"],
    ["fetch", ["fetch", "fetch-2"], "fetch-3"],
  ])("makes %s free among %j", (wished, taken, key) => {
    // "fetch-2" counts on from its own base, whose plain form may be free but means something else.
    expect(uniqueKey(wished, new Set([...taken, ...(wished === "fetch-2" ? ["fetch"] : [])]))).toBe(
      key,
    );
  });

  it("numbers new tasks", () => {
    const taken = { names: new Set(["New task"]), keys: new Set(["new-task-2"]) };

    expect(freshName("New task", taken)).toEqual({ name: "New task 2", key: "new-task-3" });
  });
});

describe("calendarOf", () => {
  const task = newTaskDraft({ name: "a", key: "a" });

  it("tells when each attempt comes and how long all may take", () => {
    const calendar = calendarOf({ ...task, retryStrategy: "FIXED_DELAY", timeoutSeconds: 60 });

    expect(calendar?.entries).toEqual([
      { attempt: 2, delaySeconds: 5, atSeconds: 5 },
      { attempt: 3, delaySeconds: 5, atSeconds: 10 },
      { attempt: 4, delaySeconds: 5, atSeconds: 15 },
    ]);
    expect(calendar?.worstCaseSeconds).toBe(4 * 60 + 15);
  });

  it("has no retries for NONE", () => {
    const calendar = calendarOf({ ...task, retryStrategy: "NONE", timeoutSeconds: 60 });

    expect(calendar).toEqual({ entries: [], worstCaseSeconds: 60 });
  });

  it.each(["", "abc", -1, 1.5, 101])(
    "waits for a number of retries in place of %j",
    (maxRetries) => {
      expect(calendarOf({ ...task, maxRetries })).toBeNull();
    },
  );
});
