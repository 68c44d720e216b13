import { describe, expect, it } from "vitest";
import {
  idSchema,
  runGraphSchema,
  saveGraphSchema,
  saveProjectSchema,
  scheduledAtSchema,
} from "./inputs";
import { MAX_DEPENDENCIES_PER_GRAPH, MAX_TASKS_PER_GRAPH } from "./limits";

const ID = "01a20828-80ed-7386-98d5-53d00d501d51";

describe("an id", () => {
  it.each([
    "",
    "abc",
    ID.toUpperCase(),
    `{${ID}}`,
    ` ${ID}`,
    `${ID}\n`,
    ID.replaceAll("-", ""),
    "../../etc/passwd",
    "..%2f",
    "%2e%2e",
    "C:\\",
    "CON",
    ".",
    `${ID}\0.yaml`,
    "x".repeat(300),
    "9007199254740993",
    null,
    9,
    [ID],
  ])("is not %j", (value) => {
    expect(idSchema.safeParse(value).success).toBe(false);
  });

  it("is a UUID in lower case", () => {
    expect(idSchema.parse(ID)).toBe(ID);
  });
});

describe("a start time", () => {
  const soon = new Date(Date.now() + 86_400_000);

  it.each([
    ["Z", soon.toISOString(), soon.getTime()],
    ["an offset", "2025-01-31T08:00:00+05:30", Date.UTC(2025, 0, 31, 2, 30)],
    ["the past, which means at once", "2020-02-29T00:00:00Z", Date.UTC(2020, 1, 29)],
    [
      "the hour that summer time skips, by its offset",
      "2026-03-08T02:30:00-05:00",
      Date.UTC(2026, 2, 8, 7, 30),
    ],
  ])("may be given with %s", (_, text, at) => {
    expect(scheduledAtSchema.parse(text).getTime()).toBe(at);
  });

  it.each([
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01",
    "2026-01-01T00:00:00+25:00",
    "2026-01-01T00:00:00 Mars/Phobos",
    "now",
    "tomorrow",
    "infinity",
    "-infinity",
    "epoch",
    "1",
    "",
    "0000-01-01T00:00:00Z",
    "1999-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
    new Date(Date.now() + 367 * 86_400_000).toISOString(),
    1_900_000_000_000,
    new Date(),
    new Date(Number.NaN),
    Number.NaN,
    null,
  ])("is not %o", (value) => {
    expect(scheduledAtSchema.safeParse(value).success).toBe(false);
  });
});

describe("a drawing", () => {
  const task = { key: "a", name: "A", workflowParams: { image: "alpine", command: ["true"] } };
  const node = { taskId: ID, taskVersion: 0, x: 1, y: 2, task };
  const drawing = { graphId: ID, version: 1, name: "G", nodes: [node], dependencies: [] };
  const edge = { taskId: ID, dependsOnTaskId: ID };

  function codeOf(given: object): string | null {
    const issue = saveGraphSchema.safeParse({ ...drawing, ...given }).error?.issues[0];
    if (!issue) return null;
    return issue.code === "custom" ? String(issue.params?.code ?? "custom") : issue.code;
  }

  it.each([
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [1e308, 0],
    [undefined, 0],
    ["12", 0],
    [null, 0],
    [-12.5, -12.5],
  ])("puts a task at %o to %d", (given, stored) => {
    const parsed = saveGraphSchema.parse({ ...drawing, nodes: [{ ...node, x: given }] });

    expect(parsed.nodes[0]?.x).toBe(stored);
  });

  it.each([
    ["a type of node", { nodes: [{ ...node, type: "evil" }] }],
    ["the handle of an edge", { dependencies: [{ ...edge, sourceHandle: "x" }] }],
    ["a status", { nodes: [{ ...node, task: { ...task, status: "COMPLETED" } }] }],
    ["an owner", { createdBy: "admin" }],
    ["files in place of data", { files: {} }],
  ])("has no field for %s", (_, given) => {
    expect(codeOf(given)).toBe("unrecognized_keys");
  });

  it.each([0, -1, 1.5, "1", Number.NaN, 2 ** 60])("has no version %o", (version) => {
    expect(codeOf({ version })).not.toBeNull();
  });

  it("has a limit of tasks and of dependencies", () => {
    expect(codeOf({ nodes: Array(MAX_TASKS_PER_GRAPH + 1).fill(node) })).toBe("too_many_tasks");
    expect(codeOf({ dependencies: Array(MAX_DEPENDENCIES_PER_GRAPH + 1).fill(edge) })).toBe(
      "too_many_dependencies",
    );
  });
});

describe("the start of a graph", () => {
  it.each(["", "a b", "ключ", "a\n", "x".repeat(201), 7])(
    "has no idempotency key %o",
    (idempotencyKey) => {
      expect(runGraphSchema.safeParse({ graphId: ID, idempotencyKey }).success).toBe(false);
    },
  );

  it("names at least one task, or none at all", () => {
    expect(runGraphSchema.safeParse({ graphId: ID, taskIds: [] }).success).toBe(false);
    expect(runGraphSchema.safeParse({ graphId: ID }).success).toBe(true);
  });
});

it("takes over nothing but what a project has", () => {
  const given = JSON.parse('{"name":"P","__proto__":{"isExample":true}}');

  expect(saveProjectSchema.safeParse(given).success).toBe(false);
  expect(saveProjectSchema.safeParse({ name: "P", isExample: true }).success).toBe(false);
});
