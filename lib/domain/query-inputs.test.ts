import { describe, expect, it } from "vitest";
import { listExecutionsSchema, listRunsSchema, readLogSchema } from "./query-inputs";

const ID = "01a20828-80ed-7386-98d5-53d00d501d51";

it("reads fifty from the newest on, unless it is told otherwise", () => {
  expect(listExecutionsSchema.parse({})).toEqual({ limit: 50 });
});

it.each([
  [{ status: "FAILED" }, { status: ["FAILED"] }],
  [{ status: ["FAILED", "TIMEOUT", "FAILED"] }, { status: ["FAILED", "TIMEOUT"] }],
  [{ priority: ["HIGH", "LOW"] }, { priority: ["HIGH", "LOW"] }],
  [{ text: " 100%_\\ " }, { text: "100%_\\" }],
  [{ text: "" }, { text: undefined }],
  [
    { limit: "1000", offset: "0" },
    { limit: 1000, offset: 0 },
  ],
  [
    { runId: ID, taskId: ID },
    { runId: ID, taskId: ID },
  ],
])("understands %j", (query, parsed) => {
  expect(listExecutionsSchema.parse(query)).toEqual({ limit: 50, ...parsed });
});

describe("a list", () => {
  it.each([
    ...["-1", "0", "1001", "1e3", "1e9", "0x10", " 7 ", "1_000", "7.0", "", "NaN", "٣"].map(
      (limit) => ({ limit }),
    ),
    ...["-1", "1e18", "10000000", ["1", "2"]].map((offset) => ({ offset })),
    ...["RUNNING,RUNNING,foo", "running", "", ["RUNNING", "foo"], "__proto__"].map((status) => ({
      status,
    })),
    { status: Array(100).fill("FAILED") },
    { priority: "3" },
    { sort: "id;select pg_sleep(10)" },
    { runId: "x" },
    { runId: [ID, ID] },
    { cursor: "" },
    { cursor: "a b" },
    { cursor: "x".repeat(201) },
    { text: "a\0" },
    { text: "\ud800" },
    { text: "x".repeat(201) },
    { text: ["a", "b"] },
    { Limit: "5" },
  ])("cannot be asked for %j", (query) => {
    expect(listExecutionsSchema.safeParse(query).success).toBe(false);
  });

  it("of runs knows the statuses of runs", () => {
    expect(listRunsSchema.safeParse({ status: "PAUSED" }).success).toBe(true);
    expect(listRunsSchema.safeParse({ status: "RETRYING" }).success).toBe(false);
  });
});

describe("a log", () => {
  it.each(["../1", "0", "1e3", "-1", "1.5", "", "10000000"])("has no attempt %j", (attempt) => {
    expect(readLogSchema.safeParse({ executionId: ID, attempt }).success).toBe(false);
  });

  it("may have billions of lines", () => {
    const parsed = readLogSchema.parse({ executionId: ID, attempt: "1", from: "3000000000" });

    expect(parsed.from).toBe(3_000_000_000);
  });
});
