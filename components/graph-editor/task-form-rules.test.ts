import { describe, expect, it } from "vitest";
import { type TaskFields, taskFieldsSchema } from "@/lib/domain/task-fields";
import { newTaskDraft, type TaskDraft, toTaskDraft } from "./task-draft";
import { toTaskInput } from "./task-input";
import { entryProblems, findTaskProblems, itemProblems, problemAt } from "./task-problems";

const base = newTaskDraft({ name: "Fetch", key: "fetch" });
const rows = (key: string, value: string) => [{ key, value }];

function problems(change: Partial<TaskDraft>): Record<string, string> {
  const found = findTaskProblems({ ...base, ...change });
  return Object.fromEntries(found.map(({ path, message }) => [path, message]));
}

function stored(input: object): TaskFields {
  return taskFieldsSchema.parse({ key: "t", name: "T", ...input });
}

describe("a stored task in the form", () => {
  it.each([
    stored({
      workflowParams: {
        image: "alpine:3.20",
        command: ["sh", "-c", "echo 'a b'"],
        workdir: "sub/dir",
        env: { A: "1", B: "" },
        inputs: { count: 3, flag: true, text: "3" },
        secrets: { TOKEN: "TOKEN_SECRET" },
      },
      retryOnExitCodes: [1, 137],
      metadata: { owner: "me", nested: { list: [1, null] } },
      retryJitter: true,
      pool: "db",
      poolKey: "customer-42",
    }),
    stored({
      workflowType: "dagger_pipeline",
      workflowParams: {
        steps: [
          { image: "a", command: ["x"] },
          { name: "second", image: "b", command: ["y", ""], env: { C: "d" }, workdir: "w" },
        ],
      },
    }),
  ])("comes out as it went in", (task) => {
    expect(taskFieldsSchema.parse(toTaskInput(toTaskDraft(task)))).toEqual(task);
  });
});

describe("findTaskProblems", () => {
  it("finds nothing wrong with a new task", () => {
    expect(findTaskProblems(base)).toEqual([]);
  });

  it.each([
    [{ name: " " }, "name"],
    [{ key: "ä b" }, "key"],
    [{ image: "" }, "workflowParams.image"],
    [{ command: [] }, "workflowParams.command"],
    [{ command: ["a", "\0"] }, "workflowParams.command[1]"],
    [{ workdir: "/etc" }, "workflowParams.workdir"],
    [{ maxRetries: "abc" }, "maxRetries"],
    [{ timeoutSeconds: "" }, "timeoutSeconds"],
    [{ retryDelaySeconds: 1.5 }, "retryDelaySeconds"],
    [{ retryOnExitCodes: "1, x" }, "retryOnExitCodes[1]"],
    [{ pool: "a\tb" }, "pool"],
    [{ pool: "db", poolKey: "x".repeat(201) }, "poolKey"],
    [{ metadata: "{" }, "metadata"],
    [{ metadata: "[]" }, "metadata"],
    [{ env: rows("1A", "x") }, "workflowParams.env.1A"],
    [{ secrets: rows("A", "no name") }, "workflowParams.secrets.A"],
    [{ workflowType: "dagger_pipeline", steps: [] }, "workflowParams.steps"],
  ] as const)("names the field of %j", (change, path) => {
    expect(Object.keys(problems(change))).toEqual([path]);
  });

  it("shows what is wrong with the params beside what is wrong elsewhere", () => {
    expect(Object.keys(problems({ maxRetries: "abc", image: "" }))).toEqual([
      "maxRetries",
      "workflowParams.image",
    ]);
  });

  it("says what is wrong with a name, not only that it is", () => {
    expect(problems({ env: rows("DAGLINE_X", "1") })).toEqual({
      "workflowParams.env.DAGLINE_X": "This name is set by Dagline itself.",
    });
  });

  it("says so as well while another field is wrong", () => {
    expect(problems({ maxRetries: "abc", env: rows("1A", "x") })).toMatchObject({
      "workflowParams.env.1A": 'Use letters, digits and "_", not starting with a digit.',
    });
  });

  it("finds a name that is given twice", () => {
    const env = [...rows("A", "1"), ...rows("A", "2")];

    expect(problems({ env })).toEqual({ "workflowParams.env.A": "The name A is given twice." });
  });

  it("takes a row that is not filled in for no mistake", () => {
    expect(problems({ env: rows("", "") })).toEqual({});
  });
});

describe("the place of a problem", () => {
  const found = [
    { path: "workflowParams.command[1]", message: "one" },
    { path: "workflowParams.env.A", message: "two" },
    { path: "name", message: "three" },
  ];

  it("is a field, an item or a row", () => {
    expect(problemAt(found, "name")).toBe("three");
    expect(itemProblems(found, "workflowParams.command")).toEqual({ 1: "one" });
    const env = [...rows("A", ""), ...rows("B", ""), ...rows("A", "")];
    expect(entryProblems(found, "workflowParams.env", env)).toEqual({ 2: "two" });
  });
});
