import { type BrowserContext, expect, type Page } from "@playwright/test";
import type { Api } from "./api";
import { test } from "./fixtures";
import { EditorPage } from "./pages/editor-page";

type Journey = { api: Api; projectId: string; editor: EditorPage; context: BrowserContext };

/** Two tabs change the same graph; the first one has saved, and the second one is told of it when it saves. */
async function collide({ api, projectId, editor: theirs, context }: Journey) {
  const graphId = await api.createGraph(projectId, {
    name: "Shared",
    tasks: [
      { name: "One", script: "true" },
      { name: "Two", script: "true" },
    ],
  });
  const mine = new EditorPage(await context.newPage());
  await theirs.open(graphId);
  await mine.open(graphId);
  await mine.select("Two");
  await mine.field("Name").fill("Two, mine");
  await theirs.select("One");
  await theirs.field("Name").fill("One, theirs");
  await theirs.save();
  await expect(mine.page.getByText("Someone saved a newer version of this graph.")).toBeVisible();

  await mine.page.getByRole("button", { name: "Save", exact: true }).click();

  const dialog = conflictOn(mine.page);
  await expect(dialog.getByRole("region", { name: "Changed there" })).toContainText("One, theirs");
  await expect(dialog.getByRole("region", { name: "Changed here" })).toContainText("Two, mine");
  return { graphId, mine, theirs };
}

function conflictOn(page: Page) {
  return page.getByRole("dialog", { name: "This graph was saved by someone else meanwhile" });
}

async function namesIn(api: Api, graphId: string): Promise<string[]> {
  const { nodes } = await api.readGraph(graphId);
  return nodes.map(({ task }) => task.name).sort();
}

test("keeping one's own makes it the newest version, which the other tab follows", async ({
  api,
  projectId,
  editor,
  context,
}) => {
  const { graphId, mine, theirs } = await collide({ api, projectId, editor, context });

  await conflictOn(mine.page).getByRole("button", { name: "Keep mine" }).click();

  await expect(conflictOn(mine.page)).toBeHidden();
  await expect(mine.savedState).toHaveText("Saved");
  expect(await namesIn(api, graphId)).toEqual(["One", "Two, mine"]);
  expect((await api.readGraph(graphId)).version).toBe(4);
  await expect(theirs.node("Two, mine")).toBeVisible();
});

test("taking theirs replaces one's own, which undo brings back", async ({
  api,
  projectId,
  editor,
  context,
}) => {
  const { graphId, mine } = await collide({ api, projectId, editor, context });

  await conflictOn(mine.page).getByRole("button", { name: "Take theirs" }).click();

  await expect(mine.node("One, theirs")).toBeVisible();
  await expect(mine.node("Two")).toBeVisible();
  await expect(mine.savedState).toHaveText("Saved");
  await mine.toolbar.getByRole("button", { name: "Undo" }).click();
  await expect(mine.node("Two, mine")).toBeVisible();
  await expect(mine.savedState).toHaveText("Unsaved changes");
  expect(await namesIn(api, graphId)).toEqual(["One, theirs", "Two"]);
});

test("a copy keeps both, each in a graph of its own", async ({
  api,
  projectId,
  editor,
  context,
}) => {
  const { graphId, mine } = await collide({ api, projectId, editor, context });

  await conflictOn(mine.page).getByRole("button", { name: "Save mine as a copy" }).click();

  await expect(mine.page.getByRole("heading", { name: /^Shared \(copy .+\)$/ })).toBeVisible();
  await expect(mine.node("Two, mine")).toBeVisible();
  await expect(mine.savedState).toHaveText("Saved");
  const copyId = new URL(mine.page.url()).pathname.split("/").at(-1) ?? "";
  expect(await namesIn(api, copyId)).toEqual(["One", "Two, mine"]);
  expect(await namesIn(api, graphId)).toEqual(["One, theirs", "Two"]);
});
