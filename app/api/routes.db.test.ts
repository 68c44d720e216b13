import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callRoute } from "@/lib/testing/call-route";
import type { TestDatabase } from "@/lib/testing/database";
import {
  createDrawnGraph,
  createPool,
  createProject,
  insertRun,
  insertWorker,
} from "@/lib/testing/factories";
import { addSchedule, insertBackfill } from "@/lib/testing/schedule-factories";
import { countRows, createWebDatabase } from "@/lib/testing/web";

type Handler = Parameters<typeof callRoute>[0];
type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Ids = Record<
  | "projectId"
  | "poolId"
  | "taskId"
  | "graphId"
  | "runId"
  | "executionId"
  | "scheduleId"
  | "backfillId"
  | "engine",
  string
>;
type Door = {
  path: string;
  /** The parameters of its path. */
  params: (keyof Ids)[];
  query?: string;
  /** How a write is sent; POST if not given. */
  method?: Method;
  /** Of a write, besides the parameters of the path. */
  body?: (ids: Ids) => object;
};

const schedule = { kind: "cron", name: "New", expression: "* * * * *", timeZone: "UTC" };
const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z" };

const reads: Door[] = [
  { path: "projects", params: [] },
  { path: "projects/[projectId]", params: ["projectId"] },
  { path: "projects/[projectId]/pools", params: ["projectId"] },
  { path: "tasks/[taskId]", params: ["taskId"] },
  { path: "graphs/[graphId]", params: ["graphId"] },
  { path: "runs", params: [] },
  { path: "runs/[runId]", params: ["runId"] },
  { path: "runs/[runId]/structure", params: ["runId"] },
  { path: "runs/[runId]/timeline", params: ["runId"] },
  { path: "executions", params: [] },
  { path: "executions/counts", params: [] },
  { path: "executions/[executionId]", params: ["executionId"] },
  { path: "executions/[executionId]/logs", params: ["executionId"], query: "attempt=1" },
  { path: "executions/[executionId]/logs/download", params: ["executionId"], query: "attempt=1" },
  { path: "schedules", params: [] },
  { path: "schedules/[scheduleId]", params: ["scheduleId"] },
  { path: "schedules/[scheduleId]/backfills", params: ["scheduleId"] },
  {
    path: "schedules/[scheduleId]/backfills/preview",
    params: ["scheduleId"],
    query: `from=${range.from}&to=${range.to}`,
  },
  { path: "stats", params: [] },
  { path: "overview", params: [] },
  { path: "workers", params: [] },
  { path: "breakers", params: [] },
  { path: "system", params: [] },
  { path: "health", params: [] },
];

const writes: Door[] = [
  {
    path: "runs",
    params: [],
    body: ({ projectId, taskId }) => ({ projectId, tasks: [{ taskId }] }),
  },
  {
    path: "batches",
    params: [],
    body: ({ projectId, taskId }) => ({ projectId, items: [{ taskId }] }),
  },
  {
    path: "projects/[projectId]/pools",
    params: ["projectId"],
    body: () => ({ name: "Pool", slots: 1 }),
  },
  ...(["PATCH", "DELETE"] as const).map((method): Door => {
    return { path: "projects/[projectId]/pools/[poolId]", params: ["projectId", "poolId"], method };
  }),
  { path: "graphs/[graphId]/runs", params: ["graphId"] },
  { path: "tasks/[taskId]/runs", params: ["taskId"] },
  { path: "graphs/[graphId]/schedules", params: ["graphId"], body: () => ({ schedule }) },
  {
    path: "schedules/[scheduleId]",
    params: ["scheduleId"],
    body: () => ({ version: 1, schedule }),
  },
  { path: "schedules/[scheduleId]/delete", params: ["scheduleId"] },
  {
    path: "schedules/[scheduleId]/enable",
    params: ["scheduleId"],
    body: () => ({ enabled: false }),
  },
  { path: "schedules/[scheduleId]/runs", params: ["scheduleId"] },
  { path: "schedules/[scheduleId]/backfills", params: ["scheduleId"], body: () => range },
  { path: "backfills/[backfillId]/cancel", params: ["backfillId"] },
  ...["cancel", "retry", "pause", "resume"].flatMap((verb): Door[] => [
    { path: `runs/[runId]/${verb}`, params: ["runId"] },
    { path: `executions/[executionId]/${verb}`, params: ["executionId"] },
  ]),
  { path: "breakers/[engine]/reset", params: ["engine"] },
  { path: "breakers/[engine]/trip", params: ["engine"] },
];

let database: TestDatabase;
let ids: Ids;
let rows: Record<string, number>;

beforeAll(async () => {
  database = await createWebDatabase();
  const { db } = database;
  const projectId = await createProject(db);
  const { graphId, taskIds } = await createDrawnGraph(db, { projectId, tasks: { a: [] } });
  const run = await insertRun(db, { projectId, executions: [{ status: "SCHEDULED" }] });
  const [executionId = ""] = run.executionIds;
  const poolId = await createPool(db, { projectId });
  const engine = "tcp://10.0.0.5:1234";
  await insertWorker(db, { engine });
  const { scheduleId } = await addSchedule(db, { graphId });
  const { backfillId } = await insertBackfill(db, scheduleId);
  const taskId = taskIds.a ?? "";
  ids = {
    projectId,
    poolId,
    taskId,
    graphId,
    runId: run.runId,
    executionId,
    scheduleId,
    backfillId,
    engine,
  };
  rows = await countRows(database);
});
afterAll(() => database.close());

it("tests every route there is", () => {
  const files = readdirSync("app/api", { recursive: true, encoding: "utf8" });
  const paths = files.flatMap((file) => file.match(/^(.*)\/route\.ts$/)?.[1] ?? []);
  const tested = new Set([...reads, ...writes].map(({ path }) => path));

  // The stream of events has a test of its own, and the last one answers where nothing is.
  expect(paths.filter((path) => !tested.has(path)).sort()).toEqual(["[...path]", "events"]);
});

it.each(["GET", "POST"] as const)("answers %s in JSON where nothing is", async (method) => {
  const door = { path: "[...path]", params: [] };
  const given = method === "POST" ? { body: {} } : {};

  expect(await call(door, method, given)).toMatchObject({ status: 404, code: "not_found" });
  const headers = { host: "evil.test" };
  expect(await call(door, method, { ...given, headers })).toMatchObject({ status: 403 });
});

async function call(door: Door, method: Method, given: Parameters<typeof callRoute>[1]) {
  const module: Partial<Record<string, Handler>> = await import(
    /* @vite-ignore */ resolve("app/api", door.path, "route.ts")
  );
  const handler = module[method];
  if (!handler) throw new Error(`${door.path} has no ${method}.`);
  return callRoute(handler, { ...given, method });
}

function paramsOf(door: Door, from: Ids = ids): Record<string, string> {
  return Object.fromEntries(door.params.map((name) => [name, from[name]]));
}

/** As ids look, but of nothing. */
function strangeId(name: keyof Ids): string {
  return name === "engine" ? `tcp://${uuidv7()}:1234` : uuidv7();
}

const strangers: [string, Record<string, string>][] = [
  ["a name that is not ours", { host: "evil.test" }],
  ["a script of another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }],
];

describe.each(reads)("GET $path", (door) => {
  it.each(strangers)("is refused for %s", async (_, headers) => {
    const answer = await call(door, "GET", { params: paramsOf(door), headers });

    expect(answer).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("refuses a parameter that it does not know, or that the path holds", async () => {
    for (const name of ["foo", "sort", "__proto__", ...door.params]) {
      const query = `${door.query ?? ""}&${name}=x`;
      const answer = await call(door, "GET", { params: paramsOf(door), query });

      expect(answer).toMatchObject({ status: 422, code: "invalid" });
    }
  });

  it("is answered with headers that keep it private", async () => {
    const { headers } = await call(door, "GET", { params: paramsOf(door), query: "foo=1" });

    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("content-type")).toBe("application/json");
  });
});

describe.each([
  ...reads
    .filter(({ params }) => params.length > 0)
    .map((door) => ({ ...door, method: "GET" as const })),
  ...writes
    .filter(({ params }) => params.length > 0)
    .map((door) => ({ ...door, method: door.method ?? "POST" })),
])("$method $path", (door) => {
  const { method } = door;
  const rest = () =>
    method === "GET" ? { query: door.query ?? "" } : { body: door.body?.(ids) ?? {} };

  it.each(["x", "{}", "../x", "..%2fx", "0", "undefined", "A".repeat(300)])(
    "refuses %j as an id",
    async (id) => {
      const params = Object.fromEntries(door.params.map((name) => [name, id]));
      const answer = await call(door, method, { params, ...rest() });

      expect(answer).toMatchObject({ status: 422, code: "invalid" });
    },
  );

  it("knows nothing of an id that nothing has", async () => {
    const params = Object.fromEntries(door.params.map((name) => [name, strangeId(name)]));
    const answer = await call(door, method, { params, ...rest() });

    expect(answer).toMatchObject({ status: 404, code: "not_found" });
  });
});

describe.each(writes.map((door) => ({ ...door, method: door.method ?? "POST" })))(
  "$method $path",
  (door) => {
    const bodyOf = () => door.body?.(ids) ?? {};

    async function expectRefusal(
      given: Parameters<typeof callRoute>[1],
      refusal: { status: number; code: string },
    ): Promise<void> {
      const answer = await call(door, door.method, { params: paramsOf(door), ...given });

      expect(answer).toMatchObject(refusal);
      expect(await countRows(database)).toEqual(rows);
    }

    it.each([
      ...strangers,
      ["another site", { origin: "https://evil.test" }],
      ["a page without an origin", { origin: "null" }],
      ["a forwarded host", { origin: "https://evil.test", "x-forwarded-host": "evil.test" }],
      ["a neighbour", { "sec-fetch-site": "same-site" }],
    ] as [string, Record<string, string>][])("is refused for %s", async (_, headers) => {
      await expectRefusal({ body: bodyOf(), headers }, { status: 403, code: "forbidden" });
    });

    it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
      "takes no %s",
      async (type) => {
        const headers = { "content-type": type };
        await expectRefusal(
          { body: bodyOf(), headers },
          { status: 415, code: "unsupported_media_type" },
        );
      },
    );

    it.each(["{{{", '{"a":', "{}}", "// {}", "{a:1}", "[1,]", "\ufeff{}"])(
      "takes no %j",
      async (body) => {
        await expectRefusal({ body }, { status: 400, code: "invalid_json" });
      },
    );

    it.each(["null", "[]", '"x"', "7", "[{}]"])(
      "takes no %s in place of an object",
      async (body) => {
        await expectRefusal({ body }, { status: 422, code: "invalid" });
      },
    );

    it.each([
      ["unknown", { foo: 1 }],
      ["set by the engine", { status: "COMPLETED" }],
      ["of the actor", { actor: { type: "system", id: "x" } }],
      ["with files", { files: {} }],
      ["that is a path of the machine", { "../x": 1 }],
    ])("refuses a field that is %s", async (_, field) => {
      await expectRefusal({ body: { ...bodyOf(), ...field } }, { status: 422, code: "invalid" });
    });

    it("refuses a field named __proto__", async () => {
      const body = `{"__proto__":{"force":true},${JSON.stringify(bodyOf()).slice(1)}`.replace(
        ",}",
        "}",
      );
      await expectRefusal({ body }, { status: 422, code: "invalid" });
    });

    it("refuses an id that the path holds already", async () => {
      for (const name of door.params) {
        await expectRefusal({ body: { [name]: ids[name] } }, { status: 422, code: "invalid" });
      }
    });

    it("refuses depth and size before it looks further", async () => {
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      await expectRefusal({ body: deep }, { status: 422, code: "too_deep" });
      const large = JSON.stringify({ a: "x".repeat(8 * 1024 * 1024) });
      await expectRefusal({ body: large }, { status: 413, code: "too_large" });
    });
  },
);
