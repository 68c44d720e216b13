import { beforeEach, describe, expect, it } from "vitest";
import { changeGraph, changeTask, connect, moveNodes, remove } from "./draft-edits";
import { createDraftStore, type DraftStore, isDirty } from "./draft-store";
import { draftOf } from "./test-drafts";

let time = 0;
let store: DraftStore;

beforeEach(() => {
  time = 0;
  store = createDraftStore(
    { draft: draftOf(["a", "b after a"]), versions: { version: 1, tasks: { a: 1, b: 1 } } },
    () => time,
  );
});

function place(taskId: string): number | undefined {
  return store.getState().draft.nodes.find((node) => node.taskId === taskId)?.x;
}

function moveTo(x: number): void {
  store.edit(moveNodes(new Map([["a", { x, y: 0 }]])), { merge: "move" });
}

describe("undo and redo", () => {
  it("goes back and forth through every kind of edit", () => {
    const start = store.getState().draft;
    store.edit(remove(new Set(["a"])));
    store.edit(changeTask("b", { name: "B" }));
    const end = store.getState().draft;

    store.undo();
    store.undo();
    expect(store.getState().draft).toBe(start);
    store.redo();
    store.redo();
    expect(store.getState().draft).toBe(end);
  });

  it("does nothing at either end", () => {
    store.undo();
    store.redo();

    expect(isDirty(store.getState())).toBe(false);
  });

  it("makes one step of a drag, however many places it passes", () => {
    store.beginGesture();
    for (const x of [10, 20, 30]) moveTo(x);
    store.endGesture();

    store.undo();
    expect(place("a")).toBe(0);
    store.redo();
    expect(place("a")).toBe(30);
  });

  it("makes no step of a drag that ends where it began", () => {
    store.edit(changeGraph({ name: "Other" }));
    store.beginGesture();
    moveTo(10);
    moveTo(0);
    store.endGesture();

    store.undo();

    expect(store.getState().draft.name).toBe("Graph");
  });

  it("makes one step of arrow keys and letters that follow each other, and another after a pause", () => {
    for (const x of [8, 16, 24]) moveTo(x);
    time += 10_000;
    moveTo(32);

    store.undo();
    expect(place("a")).toBe(24);
    store.undo();
    expect(place("a")).toBe(0);
  });

  it("keeps edits of different fields apart", () => {
    store.edit(changeTask("a", { name: "A" }), { merge: "a name" });
    store.edit(changeTask("a", { image: "x" }), { merge: "a image" });

    store.undo();

    expect(store.getState().draft.nodes[0]?.task).toMatchObject({
      name: "A",
      image: "alpine:3.20",
    });
  });

  it("forgets what was undone once something else is edited", () => {
    moveTo(8);
    store.undo();
    store.edit(changeGraph({ name: "Other" }));

    store.redo();

    expect(place("a")).toBe(0);
  });

  it("counts an edit that changes nothing as none", () => {
    store.edit(connect({ taskId: "b", dependsOnTaskId: "a" }));

    expect(store.temporal.getState().pastStates).toHaveLength(0);
  });
});

describe("saving", () => {
  function saveNow(): void {
    const { draft } = store.getState();
    store.setSaved({ saved: draft, versions: { version: 2, tasks: { a: 2, b: 1 } } });
  }

  it("is clean again after a save, and after undoing back to it", () => {
    moveTo(8);
    expect(isDirty(store.getState())).toBe(true);
    saveNow();
    expect(isDirty(store.getState())).toBe(false);
    store.edit(changeGraph({ name: "Other" }));

    store.undo();

    expect(isDirty(store.getState())).toBe(false);
  });

  it("is clean when what was typed is typed back", () => {
    store.edit(changeGraph({ name: "Other" }));
    store.edit(changeGraph({ name: "Graph" }));

    expect(isDirty(store.getState())).toBe(false);
  });

  it("keeps the new versions when a step from before the save is undone", () => {
    moveTo(8);
    saveNow();

    store.undo();

    expect(store.getState().versions).toEqual({ version: 2, tasks: { a: 2, b: 1 } });
    expect(isDirty(store.getState())).toBe(true);
  });

  it("does not merge an edit after a save into one before it", () => {
    moveTo(8);
    saveNow();
    moveTo(16);

    store.undo();

    expect(place("a")).toBe(8);
  });

  it("brings the own drawing back after taking another's", () => {
    moveTo(8);
    const theirs = draftOf(["z"]);
    store.setSaved({ saved: theirs, versions: { version: 5, tasks: { z: 1 } }, draft: theirs });
    expect(isDirty(store.getState())).toBe(false);

    store.undo();

    expect(place("a")).toBe(8);
    expect(store.getState().versions.version).toBe(5);
  });
});
