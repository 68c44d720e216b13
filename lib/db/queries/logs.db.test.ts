import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { attempts, executionLogs } from "@/lib/db/schema/executions";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createProject, insertRun } from "@/lib/testing/factories";
import { readLog } from "./logs";

let test: TestDatabase;
let projectId: string;
let executionId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  projectId = await createProject(test.db);
});
afterAll(() => test.close());

beforeEach(async () => {
  const run = await insertRun(test.db, { projectId, executions: [{ status: "RUNNING" }] });
  executionId = `${run.executionIds[0]}`;
  const attempt = { leaseToken: uuidv7(), workerId: uuidv7(), runner: "process" };
  await test.db
    .insert(attempts)
    .values({ executionId, attempt: 1, ...attempt, claimedAt: new Date() });
});

async function store(firstLine: number, lines: string[], isPreview = false): Promise<void> {
  await test.db.insert(executionLogs).values({
    executionId,
    attempt: 1,
    firstLine,
    lineCount: lines.length,
    isPreview,
    content: lines.map((line) => `o${line}`).join("\n"),
  });
}

const endAttempt = () =>
  test.sql`update attempts set ended_at = now(), outcome = 'COMPLETED' where execution_id = ${executionId}`;

async function read(fromLine: number) {
  const page = await readLog(test.db, { executionId, attempt: 1, fromLine });
  if (!page) throw new Error("the attempt is gone");
  return { ...page, lines: page.chunks.map(({ firstLine }) => firstLine) };
}

it("is null for an attempt that does not exist", async () => {
  expect(await readLog(test.db, { executionId, attempt: 2, fromLine: 0 })).toBeNull();
});

it("reads on from a line and ends only when the attempt has ended", async () => {
  expect(await read(0)).toMatchObject({ chunks: [], nextLine: 0, end: false });
  await store(0, ["a", "b"]);
  await store(2, ["c"]);

  const first = await read(0);
  expect(first).toMatchObject({ nextLine: 3, end: false });
  expect(first.chunks).toEqual([
    {
      firstLine: 0,
      lineCount: 2,
      isPreview: false,
      content: "oa\nob",
      at: expect.stringMatching(/Z$/),
    },
    { firstLine: 2, lineCount: 1, isPreview: false, content: "oc", at: expect.any(String) },
  ]);
  expect(await read(3)).toMatchObject({ lines: [], nextLine: 3, end: false });

  await endAttempt();
  expect(await read(3)).toMatchObject({ lines: [], nextLine: 3, end: true });
});

it("gives the whole piece that holds the line asked for", async () => {
  await store(0, ["a", "b"]);
  await store(2, ["c", "d"]);

  expect((await read(1)).lines).toEqual([0, 2]);
  expect((await read(2)).lines).toEqual([2]);
  expect((await read(3)).lines).toEqual([2]);
});

it("passes over lines that were dropped", async () => {
  await store(0, ["a"]);
  await store(1000, ["z"]);

  expect(await read(1)).toMatchObject({ lines: [1000], nextLine: 1001 });
  expect(await read(500)).toMatchObject({ lines: [1000], nextLine: 1001 });
});

it("cuts pages of about half a MiB and says the end on the last one", async () => {
  const line = "x".repeat(60_000);
  for (let i = 0; i < 20; i++) await store(i, [line]);
  await endAttempt();

  const pages = [];
  let from = 0;
  do {
    pages.push(await read(from));
    from = pages.at(-1)?.nextLine ?? 0;
  } while (!pages.at(-1)?.end);

  expect(pages.flatMap(({ lines }) => lines)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(pages.map(({ end }) => end)).toEqual([false, false, true]);
  const sizes = pages.map(({ chunks }) => chunks.reduce((n, c) => n + c.content.length, 0));
  expect(Math.max(...sizes)).toBeLessThan(512 * 1024 + 64 * 1024);
  expect(Math.min(...pages.flatMap(({ chunks }) => chunks.map((c) => c.content.length)))).toBe(
    60_001,
  );
});

it("shows a preview only while it is the newest, and reads it again", async () => {
  await store(0, ["a"]);
  await store(50, ["p"], true);

  expect(await read(0)).toMatchObject({ lines: [0, 50], nextLine: 1, end: false });
  expect(await read(1)).toMatchObject({ lines: [50], nextLine: 1 });

  await store(90, ["z"]);
  expect(await read(0)).toMatchObject({ lines: [0, 90], nextLine: 91 });
});

it("reads a piece larger than a page by itself", async () => {
  await store(0, ["x".repeat(600_000)]);
  await store(1, ["b"]);

  expect(await read(0)).toMatchObject({ lines: [0], nextLine: 1 });
});
