import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import { renderMetrics } from "@/lib/metrics";
import type { TestDatabase } from "@/lib/testing/database";
import { addWorker, startRun } from "@/lib/testing/engine-factories";
import { createWebDatabase } from "@/lib/testing/web";
import { GET } from "./route";

let database: TestDatabase;

beforeAll(async () => {
  database = await createWebDatabase();
  const worker = await addWorker(database.db);
  await startRun(database.db, { a: [], b: ["a"], c: [] });
  await worker.claim(1);
});

afterAll(() => database.close());

const ask = (host = "127.0.0.1:3000") =>
  GET(new Request("http://127.0.0.1:3000/metrics", { headers: { host } }));

describe("GET /metrics", () => {
  it("says in Prometheus' text form what goes on, and how the process is", async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const lines = (await answer.text()).split("\n");
    for (const line of [
      "# TYPE dagline_executions gauge",
      'dagline_executions{status="PENDING"} 1',
      'dagline_executions{status="PREPARING"} 1',
      'dagline_runs{status="SCHEDULED"} 1',
      'dagline_queue_executions{priority="MEDIUM"} 1',
      'dagline_queue_oldest_seconds{priority="CRITICAL"} 0',
      'dagline_workers{state="alive"} 1',
      'dagline_workers{state="missing"} 0',
      "dagline_slots 10",
      "dagline_slots_used 1",
      "dagline_expired_leases 0",
      'dagline_breakers{state="closed"} 1',
      'dagline_breakers{state="open"} 0',
      "dagline_database_up 1",
    ])
      expect(lines).toContain(line);
    expect(lines.filter((line) => line.startsWith("process_cpu_seconds_total"))).toHaveLength(1);
  });

  it("may be asked by several at once, again and again", async () => {
    const answers = await Promise.all([ask(), ask(), ask()]);
    for (const answer of answers) expect(answer.status).toBe(200);
  });

  it("passes the guard", async () => {
    expect((await ask("evil.test")).status).toBe(403);
  });

  it("answers without a database too, and says so", async () => {
    const away = createDbClient("postgres://127.0.0.1:1/none", { name: "test" });
    const { text } = await renderMetrics(away.db);
    await away.close();
    expect(text).toContain("dagline_database_up 0");
    expect(text).not.toContain("dagline_executions");
    expect(text).toContain("process_cpu_seconds_total");
  });
});

describe("the README", () => {
  it("explains each of its metrics", async () => {
    const text = await (await ask()).text();
    const names = [...text.matchAll(/^# TYPE (dagline_\w+)/gm)].map(([, name]) => name);
    const readme = readFileSync("README.md", "utf8");
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
