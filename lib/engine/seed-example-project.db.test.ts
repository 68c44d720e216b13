import { afterEach, beforeEach, expect, it } from "vitest";
import { getGraph } from "@/lib/db/queries/graphs";
import { listProjects } from "@/lib/db/queries/projects";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, PERSON } from "@/lib/testing/factories";
import { deleteProject } from "./delete-project";
import { seedExampleProject } from "./seed-example-project";

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.close());

it("makes one example, whoever starts at the same time", async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => seedExampleProject(test.db)));

  expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  expect(await listProjects(test.db)).toMatchObject([
    { name: "Example", isExample: true, taskCount: 6, graphCount: 1 },
  ]);
});

it("draws six tasks from left to right without overlap", async () => {
  const seeded = await seedExampleProject(test.db);

  const graph = await getGraph(test.db, { graphId: `${seeded?.graphId}` });
  const nodes = graph?.nodes ?? [];
  const placeOf = new Map(nodes.map(({ taskId, x }) => [taskId, x]));
  expect(nodes).toHaveLength(6);
  expect(graph?.dependencies).toHaveLength(7);
  for (const { taskId, dependsOnTaskId } of graph?.dependencies ?? [])
    expect(placeOf.get(taskId)).toBeGreaterThanOrEqual((placeOf.get(dependsOnTaskId) ?? 0) + 320);
  for (const a of nodes)
    for (const b of nodes.filter((node) => node !== a))
      expect(Math.abs(a.x - b.x) >= 320 || Math.abs(a.y - b.y) >= 152).toBe(true);
});

it("does not come back after it was deleted", async () => {
  const seeded = await seedExampleProject(test.db);
  await deleteProject(test.db, { projectId: `${seeded?.projectId}`, actor: PERSON });

  expect(await seedExampleProject(test.db)).toBeNull();
  expect(await listProjects(test.db)).toEqual([]);
});

it("leaves a database that has a project alone, also later", async () => {
  const projectId = await createProject(test.db, "Mine");

  expect(await seedExampleProject(test.db)).toBeNull();
  await deleteProject(test.db, { projectId, actor: PERSON });
  expect(await seedExampleProject(test.db)).toBeNull();
});
