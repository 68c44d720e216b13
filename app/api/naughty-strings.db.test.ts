import "@/lib/testing/next-environment";

import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActionResult } from "@/lib/actions/action-result";
import { createGraphAction } from "@/lib/actions/graphs";
import { createPoolAction, deletePoolAction } from "@/lib/actions/pools";
import { deleteProjectAction, saveProjectAction } from "@/lib/actions/projects";
import { createTaskAction } from "@/lib/actions/tasks";
import { getGraph } from "@/lib/db/queries/graphs";
import { listPools } from "@/lib/db/queries/pools";
import { getProject } from "@/lib/db/queries/projects";
import { getTask } from "@/lib/db/queries/tasks";
import { callAction } from "@/lib/testing/action-request";
import { callRoute } from "@/lib/testing/call-route";
import type { TestDatabase } from "@/lib/testing/database";
import { createPool, createProject } from "@/lib/testing/factories";
import { naughtyStrings } from "@/lib/testing/naughty-strings";
import { countRows, createWebDatabase } from "@/lib/testing/web";
import { GET as getExecutions } from "./executions/route";
import { GET as getRuns } from "./runs/route";

let database: TestDatabase;
let projectId: string;
beforeAll(async () => {
  database = await createWebDatabase();
  projectId = await createProject(database.db);
  await createPool(database.db, { projectId, name: "naughty" });
});
afterAll(() => database.close());

/** How a field that is stored as it is was read back; null when the text was refused, with nothing written. */
type Store = (text: string) => Promise<unknown>;

const params = { image: "alpine", command: ["true"] };

async function refusedOr<T>(result: ActionResult<T>, read: (data: T) => Promise<unknown>) {
  if (result.ok) return read(result.data);
  expect(["invalid", "invalid_character", "conflict"]).toContain(result.error.code);
  // What is said when only the database refused it.
  expect(result.error.message).not.toBe("A value cannot be stored as it is.");
  return null;
}

/** Stores a task with these fields and reads one of them back. */
async function storeTask(fields: object, pick: (task: Record<string, unknown>) => unknown) {
  const task = { key: `k${uuidv7()}`, name: "T", workflowParams: params, ...fields };
  const result = await callAction(createTaskAction, { projectId, task });
  return refusedOr(result, async ({ taskId }) => {
    const stored = await getTask(database.db, { taskId });
    return pick(stored?.task ?? {});
  });
}

async function storeProject(fields: object, pick: "name" | "description") {
  const result = await callAction(saveProjectAction, { name: uuidv7(), ...fields });
  return refusedOr(result, async (data) => {
    const stored = await getProject(database.db, data);
    await callAction(deleteProjectAction, data);
    return stored?.[pick];
  });
}

async function storePool(name: string) {
  const result = await callAction(createPoolAction, { projectId, name, slots: 1 });
  return refusedOr(result, async ({ poolId }) => {
    const stored = await listPools(database.db, { projectId });
    await callAction(deletePoolAction, { projectId, poolId });
    return stored?.find((pool) => pool.poolId === poolId)?.name;
  });
}

function paramsOf(task: Record<string, unknown>): Record<string, unknown> {
  return { ...(task.workflowParams as object) }; // what the schema of a task has let pass
}

const lineOfText = (text: string) => text.normalize("NFC").trim();
const linesOfText = (text: string) => text.normalize("NFC");
const asItIs = (text: string): unknown => text;

const fields: [name: string, store: Store, expected: (text: string) => unknown][] = [
  ["a project's name", (name) => storeProject({ name }, "name"), lineOfText],
  [
    "a project's description",
    (description) => storeProject({ description }, "description"),
    linesOfText,
  ],
  ["a pool's name", storePool, lineOfText],
  [
    "a key of a pool",
    (poolKey) => storeTask({ pool: "naughty", poolKey }, (task) => task.poolKey),
    lineOfText,
  ],
  ["a task's key", (key) => storeTask({ key }, (task) => task.key), asItIs],
  ["a task's name", (name) => storeTask({ name }, (task) => task.name), lineOfText],
  [
    "a task's description",
    (description) => storeTask({ description }, (task) => task.description),
    linesOfText,
  ],
  ["metadata", (a) => storeTask({ metadata: { a } }, (task) => task.metadata), (a) => ({ a })],
  [
    "a key of metadata",
    (key) => storeTask({ metadata: { [key]: 1 } }, (task) => task.metadata),
    (key) => ({ [key]: 1 }),
  ],
  [
    "an argument",
    (a) =>
      storeTask(
        { workflowParams: { ...params, command: ["x", a] } },
        (task) => paramsOf(task).command,
      ),
    (a) => ["x", a],
  ],
  [
    "the program",
    (a) =>
      storeTask({ workflowParams: { ...params, command: [a] } }, (task) => paramsOf(task).command),
    (a) => [a],
  ],
  [
    "a variable's value",
    (A) => storeTask({ workflowParams: { ...params, env: { A } } }, (task) => paramsOf(task).env),
    (A) => ({ A }),
  ],
  [
    "a variable's name",
    (name) =>
      storeTask(
        { workflowParams: { ...params, env: { [name]: "" } } },
        (task) => paramsOf(task).env,
      ),
    (name) => ({ [name]: "" }),
  ],
  [
    "an input",
    (A) =>
      storeTask({ workflowParams: { ...params, inputs: { A } } }, (task) => paramsOf(task).inputs),
    (A) => ({ A }),
  ],
  [
    "a secret's name",
    (A) =>
      storeTask(
        { workflowParams: { ...params, secrets: { A } } },
        (task) => paramsOf(task).secrets,
      ),
    (A) => ({ A }),
  ],
  [
    "an image",
    (image) => storeTask({ workflowParams: { ...params, image } }, (task) => paramsOf(task).image),
    asItIs,
  ],
  [
    "a folder",
    (workdir) =>
      storeTask({ workflowParams: { ...params, workdir } }, (task) => paramsOf(task).workdir),
    asItIs,
  ],
  ["a graph's name", storeGraphName, lineOfText],
];

async function storeGraphName(name: string): Promise<unknown> {
  const result = await callAction(createGraphAction, { projectId, name });
  return refusedOr(result, async ({ graphId }) => {
    const stored = await getGraph(database.db, { graphId });
    return stored?.name;
  });
}

describe.each(fields)("%s", (_, store, expected) => {
  it("keeps each text as it is, or refuses it and writes nothing", {
    timeout: 60_000,
  }, async () => {
    let rows = await countRows(database);
    for (const text of naughtyStrings) {
      const stored = await store(text);

      const now = await countRows(database);
      if (stored === null) expect(now).toEqual(rows);
      else expect(stored).toEqual(expected(text));
      rows = now;
    }
  });
});

describe.each([
  ["executions", getExecutions],
  ["runs", getRuns],
])("the search of %s", (_, handler) => {
  it.each(["text", "cursor", "status", "projectId", "limit"])(
    "takes each text as %s, or refuses it",
    async (name) => {
      // Half of a surrogate pair cannot be written in an address.
      for (const text of naughtyStrings.filter((text) => !/\p{Surrogate}/u.test(text))) {
        const query = `${name}=${encodeURIComponent(text)}`;
        const { status } = await callRoute(handler, { query });

        expect([200, 422]).toContain(status);
      }
    },
  );
});
