import type postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDbClient, type DbClient } from "@/lib/db/client";
import type { ExecutionFilter } from "@/lib/db/queries/execution-filter";
import { countExecutions, listExecutions } from "@/lib/db/queries/executions";
import { PRIORITY_RANK } from "@/lib/domain/priority";
import type { ExecutionStatus } from "@/lib/domain/status";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { DASHBOARD_EXECUTIONS, loadDashboard } from "@/worker/bench/rows/dashboard";
import { findExamples } from "./examples";
import { listReads, type Read } from "./reads";

/** Rows of tables that one read may look at, and entries of indexes that it may count without looking at a row. */
const MOST_ROWS = 16_000;
const MOST_ENTRIES = 16_000;
/** Pages of 8 KiB that one read may touch, each time it does. */
const MOST_PAGES = 60_000;

type ListFilter = ExecutionFilter & { status?: ExecutionStatus[] };
type Example = { projectId: string; graphId: string; taskId: string; runId: string };
type Statement = { text: string; parameters: unknown[] };

let test: TestDatabase;
let client: DbClient & { close: () => Promise<void> };
let reads: Read[];
let example: Example;
const asked: Statement[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  const projects = await loadDashboard(test, { scale: 1 });
  await test.sql`vacuum analyze`;
  const examples = await findExamples(test.sql);
  reads = listReads({ projects, ...examples });
  const [project] = projects;
  if (!project) throw new Error("There is no project.");
  example = { ...project, taskId: project.taskIds[0] ?? "", runId: examples.runId };
  client = createDbClient(test.url, { max: 4, name: "test", settings: { statement_timeout: "0" } });
  recordStatements(client.sql);
}, 600_000);

afterAll(async () => {
  await client.close();
  await test.close();
});

it("reads a bounded number of rows for every list, filter and statistic of a hundred thousand executions", async () => {
  const [row] = await test.sql`select count(*)::int as n from executions`;
  expect(row?.n).toBe(DASHBOARD_EXECUTIONS);

  const found = [];
  for (const { name, read } of reads) {
    asked.length = 0;
    await read(client.db);
    const statements = [...asked];
    // Of those in a transaction nothing is heard here; the metrics have a test of their own.
    const effort = addUp(await Promise.all(statements.map(explain)));
    found.push({ name, ...effort });
  }

  const excessive = found.filter(
    ({ rows, entries, pages }) => rows > MOST_ROWS || entries > MOST_ENTRIES || pages > MOST_PAGES,
  );
  expect(excessive).toEqual([]);
}, 600_000);

const filters: [string, (ids: Example) => ListFilter][] = [
  ["a project and a priority", ({ projectId }) => ({ projectId, priority: ["HIGH", "MEDIUM"] })],
  ["a project and a status", ({ projectId }) => ({ projectId, status: ["COMPLETED"] })],
  ["a graph and a text", ({ graphId }) => ({ graphId, text: "Backfill 3" })],
  ["a text in few names", () => ({ text: "backfill 3" })],
  ["a text in no name", () => ({ text: "nowhere to be found" })],
  ["a task and statuses", ({ taskId }) => ({ taskId, status: ["PENDING", "COMPLETED", "PAUSED"] })],
  [
    "statuses found in different ways",
    () => ({ status: ["SCHEDULED", "RUNNING", "FAILED", "PENDING"] }),
  ],
  [
    "a project and such statuses",
    ({ projectId }) => ({ projectId, status: ["RETRYING", "SCHEDULED", "PREPARING"] }),
  ],
  ["a run", ({ runId }) => ({ runId })],
];

it.each(filters)("finds exactly what matches %s, page after page", async (_, filterOf) => {
  const filter = filterOf(example);
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await listExecutions(client.db, {
      ...filter,
      ...(cursor && { cursor }),
      limit: 1000,
    });
    ids.push(...page.items.map(({ executionId }) => executionId));
    cursor = page.next;
  }

  expect(ids).toEqual(await listPlainly(filter));
});

it.each([
  ["everything", () => ({})],
  ["a project", ({ projectId }: Example) => ({ projectId })],
  ["a graph", ({ graphId }: Example) => ({ graphId })],
  ["a task", ({ taskId }: Example) => ({ taskId })],
  ["a run", ({ runId }: Example) => ({ runId })],
])("counts exactly how many of %s have which status", async (_, filterOf) => {
  const filter: ListFilter = filterOf(example);

  const { counts, ofNewest } = await countExecutions(client.db, filter);

  const rows = await test.sql<{ status: ExecutionStatus; n: number }[]>`
    select status, count(*)::int as n from executions where id = any(${toArray(await listPlainly(filter))}::uuid[]) group by status`;
  const plain = Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  expect(Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0))).toEqual(plain);
  expect(ofNewest).toBeNull();
});

/** The ids that match, by reading every row. */
async function listPlainly(filter: ListFilter): Promise<string[]> {
  const { projectId, graphId, runId, taskId, status, priority, text } = filter;
  const ranks = toArray(priority?.map((name) => PRIORITY_RANK[name]));
  const statuses = toArray(status);
  const pattern = text ? `%${text}%` : null;
  const rows = await test.sql<{ id: string }[]>`
    select e.id from executions e join runs r on r.id = e.run_id
    where (${projectId ?? null}::uuid is null or e.project_id = ${projectId ?? null})
      and (${graphId ?? null}::uuid is null or r.graph_id = ${graphId ?? null})
      and (${runId ?? null}::uuid is null or e.run_id = ${runId ?? null})
      and (${taskId ?? null}::uuid is null or e.task_id = ${taskId ?? null})
      and (${statuses}::text[] is null or e.status::text = any(${statuses}))
      and (${ranks}::int[] is null or e.priority = any(${ranks}))
      and (${pattern}::text is null or e.task_name ilike ${pattern} or e.task_key ilike ${pattern} or r.name ilike ${pattern})
    order by e.id desc`;
  return rows.map(({ id }) => id);
}

/** As PostgreSQL writes arrays; the driver does not know their types here. */
function toArray(values: readonly (string | number)[] | undefined): string | null {
  return values ? `{${values.join(",")}}` : null;
}

function recordStatements(sql: postgres.Sql): void {
  const unsafe = sql.unsafe.bind(sql);
  const recording: typeof unsafe = (text, parameters, options) => {
    // Not the brackets and settings of a transaction.
    if (/^\s*(select|with)/i.test(text)) asked.push({ text, parameters: [...(parameters ?? [])] });
    return unsafe(text, parameters, options);
  };
  Object.assign(sql, { unsafe: recording });
}

type Effort = { rows: number; entries: number; pages: number; ms: number };
type Node = Record<string, unknown> & { Plans?: Node[] };

async function explain({ text, parameters }: Statement): Promise<Effort> {
  type Answer = { "QUERY PLAN": [{ Plan: Node; "Execution Time": number }] };
  const [row] = await test.sql.unsafe<Answer[]>(
    `explain (analyze, buffers, format json) ${text}`,
    parameters as postgres.ParameterOrJSON<never>[], // as they were given
  );
  if (!row) throw new Error(`There is no plan of ${text}`);
  const { Plan: plan, "Execution Time": ms } = row["QUERY PLAN"][0];
  const pages = number(plan, "Shared Hit Blocks") + number(plan, "Shared Read Blocks");
  return { ...countRows(plan), pages, ms };
}

/** What the scans of a plan have looked at, whether it was wanted or not. */
function countRows(node: Node): Pick<Effort, "rows" | "entries"> {
  const below = (node.Plans ?? []).map(countRows);
  const seen =
    (number(node, "Actual Rows") +
      number(node, "Rows Removed by Filter") +
      number(node, "Rows Removed by Index Recheck")) *
    number(node, "Actual Loops");
  const own = { rows: 0, entries: 0 };
  // A bitmap's rows are counted where they are fetched.
  if (node["Node Type"] === "Index Only Scan") own.entries = seen;
  else if (node["Relation Name"]) own.rows = seen;
  return [own, ...below].reduce((a, b) => ({
    rows: a.rows + b.rows,
    entries: a.entries + b.entries,
  }));
}

function addUp(efforts: Effort[]): Effort {
  return efforts.reduce(
    (a, b) => ({
      rows: a.rows + b.rows,
      entries: a.entries + b.entries,
      pages: a.pages + b.pages,
      ms: a.ms + b.ms,
    }),
    { rows: 0, entries: 0, pages: 0, ms: 0 },
  );
}

function number(node: Node, key: string): number {
  return Number(node[key] ?? 0);
}
