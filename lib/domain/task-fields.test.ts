import { describe, expect, it } from "vitest";
import { executionOverridesSchema, TASK_DEFAULTS, taskFieldsSchema } from "./task-fields";

const MINIMUM = {
  key: "a",
  name: "A",
  workflowParams: { image: "alpine", command: ["true"] },
};

/** The path of the first thing that is wrong; null when nothing is. */
function problemOf(fields: object): string | null {
  const issue = taskFieldsSchema.safeParse({ ...MINIMUM, ...fields }).error?.issues[0];
  return issue ? issue.path.join(".") : null;
}

it("fills in the specification's defaults", () => {
  expect(taskFieldsSchema.parse(MINIMUM)).toMatchObject(TASK_DEFAULTS);
});

describe.each([
  ["maxRetries", 0, 100],
  ["retryDelaySeconds", 0, 86_400],
  ["maxRetryDelaySeconds", 0, 86_400],
  ["timeoutSeconds", 1, 604_800],
])("%s", (field, min, max) => {
  it.each([min, max])("may be %i", (value) => {
    expect(problemOf({ [field]: value })).toBeNull();
  });

  it.each([
    min - 1,
    max + 1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    JSON.parse("1e999"),
    2_147_483_648,
    Number.MAX_SAFE_INTEGER + 2,
    "3",
    "0x10",
    " 7 ",
    "1_000",
    "",
    true,
    null,
    [7],
    {},
    7n,
    new Date(7),
  ])("is never %o", (value) => {
    expect(problemOf({ [field]: value })).toBe(field);
  });
});

it("keeps no negative zero", () => {
  const { retryDelaySeconds } = taskFieldsSchema.parse({ ...MINIMUM, retryDelaySeconds: -0 });

  expect(Object.is(retryDelaySeconds, 0)).toBe(true);
});

it.each([
  ["priority", ["URGENT", "high", 99, "", null, "__proto__", "constructor"]],
  ["retryStrategy", ["exponential_backoff", "LINEAR", 1, null]],
  ["workflowType", ["shell", "Containerized_Workflow", 1, null]],
  ["retryJitter", ["true", 1, null]],
  ["retryPermanentErrors", ["false", 0, null]],
  ["retryOnExitCodes", [[], [256], [-1], ["1"], [1.5], Array(51).fill(1), 1, "1"]],
  ["metadata", [null, [], "x", 1, { a: Number.NaN }, { a: "\0" }, { "\0": 1 }, new Map()]],
  ["key", ["__proto__", "a b", "é", "", 1]],
  ["name", ["", " ", "a\nb", "a\0", 1]],
])("%s is refused when it is anything else", (field, values) => {
  for (const value of values) expect(problemOf({ [field]: value })).toMatch(field);
});

it("names the allowed values of a choice", () => {
  const issue = taskFieldsSchema.safeParse({ ...MINIMUM, priority: "URGENT" }).error?.issues[0];

  expect(issue?.message).toContain("CRITICAL");
});

it("names the place within the params", () => {
  expect(problemOf({ workflowParams: { image: "--privileged", command: ["true"] } })).toBe(
    "workflowParams.image",
  );
  expect(problemOf({ workflowParams: undefined })).toBe("workflowParams");
  expect(problemOf({ workflowParams: "{}" })).toBe("workflowParams");
});

it.each(["status", "id", "createdBy", "attempt", "projectId", "mounts"])(
  "refuses a field named %s",
  (field) => {
    expect(problemOf({ [field]: "COMPLETED" })).toBe("");
  },
);

describe("metadata", () => {
  it.each([
    ["64 KiB", { a: "x".repeat(65_000) }, null],
    ["more than 64 KiB", { a: "x".repeat(66_000) }, "metadata"],
    ["33 levels", nested(33), "metadata"],
    ["names that every object has", { constructor: 1, toString: { a: 1 } }, null],
    ["a key named __proto__", JSON.parse('{"__proto__":{"role":"admin"}}'), "metadata"],
  ])("with %s", (_, metadata, path) => {
    expect(problemOf({ metadata })).toBe(path);
  });
});

describe("the overrides of an execution", () => {
  const isAccepted = (value: unknown) => executionOverridesSchema.safeParse(value).success;

  it("may be some of the fields, within the same bounds", () => {
    expect(isAccepted({})).toBe(true);
    expect(isAccepted({ priority: "HIGH", maxRetries: 0 })).toBe(true);
    expect(isAccepted({ maxRetries: 101 })).toBe(false);
    expect(isAccepted({ priority: "high" })).toBe(false);
  });

  it.each(["key", "name", "workflowType", "status", "image"])("never replace %s", (field) => {
    expect(isAccepted({ [field]: "dagger_pipeline" })).toBe(false);
  });
});

function nested(depth: number): object {
  let value = {};
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}
