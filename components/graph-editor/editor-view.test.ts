import { expect, it } from "vitest";
import { addNodes } from "./draft-edits";
import { createDraftStore } from "./draft-store";
import { createViewStore, selectOnlyDrawn, selectTasks, shownTask } from "./editor-view";
import { draftOf } from "./test-drafts";

it("selects no task that undo has taken away", () => {
  const draft = createDraftStore({ draft: draftOf(["a"]), versions: { version: 1, tasks: {} } });
  const view = createViewStore();
  selectOnlyDrawn(view, draft);
  draft.edit(addNodes(draftOf(["b", "c"]).nodes, []));
  selectTasks(view, ["a", "b", "c"]);

  draft.undo();

  expect(shownTask(view.getState())).toBe("a");
});

it("selects no dependency that is gone", () => {
  const both = draftOf(["a", "b after a"]);
  const draft = createDraftStore({ draft: both, versions: { version: 1, tasks: {} } });
  const view = createViewStore();
  selectOnlyDrawn(view, draft);
  view.setState({ selectedEdges: new Set(["a>b"]) });

  draft.edit(() => ({ ...both, dependencies: [] }));

  expect(view.getState().selectedEdges).toEqual(new Set());
});
