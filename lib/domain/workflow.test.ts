import { describe, expect, it } from "vitest";
import { MAX_ENV_VARIABLES } from "./limits";
import { workflowSchema } from "./workflow";

const PARAMS = { image: "alpine:3.20", command: ["true"] };

function containerized(params: object) {
  return workflowSchema.safeParse({
    workflowType: "containerized_workflow",
    workflowParams: { ...PARAMS, ...params },
  });
}

/** The path of the first thing that is wrong, below the params; null when nothing is. */
function problemOf(params: object): string | null {
  const path = containerized(params).error?.issues[0]?.path;
  return path ? path.slice(1).join(".") : null;
}

describe("a containerized workflow", () => {
  it("gets the defaults of what is not given", () => {
    expect(containerized({}).data?.workflowParams).toEqual({
      ...PARAMS,
      workdir: null,
      env: {},
      inputs: {},
      secrets: {},
    });
  });

  it("may be given in the specification's shape", () => {
    const parsed = workflowSchema.parse({
      workflowType: "containerized_workflow",
      workflowParams: { inputs: { container_image: "alpine", command: ["date"], day: "today" } },
    });

    expect(parsed.workflowParams).toMatchObject({
      image: "alpine",
      command: ["date"],
      inputs: { day: "today" },
    });
  });

  it.each([
    ["shell characters, which no shell will see", { command: ["echo", "a; rm -rf / $(id)"] }],
    ["an empty argument", { command: ["echo", ""] }],
    ["line breaks in an argument", { command: ["sh", "-c", "a\nb"] }],
    ["200 arguments", { command: Array(200).fill("a") }],
    ["a folder of its own", { workdir: "build/out" }],
    ["a variable whose value is a script", { env: { A: "$(id)\n" } }],
    ["a variable that looks like one of ours", { env: { DATABASE_URL: "mine" } }],
    ["inputs of each kind", { inputs: { A: "x", b_1: 2, c: true } }],
    ["a secret", { secrets: { TOKEN: "deploy_token" } }],
  ])("may have %s", (_, params) => {
    expect(problemOf(params)).toBeNull();
  });

  it.each([
    ["a command as one text", { command: "a; rm -rf /" }, "command"],
    ["no command", { command: [] }, "command"],
    ["an empty program", { command: [""] }, "command"],
    ["a program of spaces", { command: ["  "] }, "command"],
    ["a NUL in an argument", { command: ["echo", "a\0"] }, "command.1"],
    ["a number as an argument", { command: ["sleep", 5] }, "command.1"],
    ["201 arguments", { command: Array(201).fill("a") }, "command"],
    ["an argument of 128 KiB", { command: ["echo", "x".repeat(131_072)] }, "command.1"],
    ["a variable named A=B", { env: { "A=B": "" } }, "env.A=B"],
    ["a variable without a name", { env: { "": "" } }, "env."],
    ["a line break in a name", { env: { "A\n": "" } }, "env.A\n"],
    ["a script as a name", { env: { "$(id)": "" } }, "env.$(id)"],
    ["a name that starts with a digit", { env: { "1A": "" } }, "env.1A"],
    ["a variable of our own", { env: { DAGLINE_SECRET_X: "" } }, "env.DAGLINE_SECRET_X"],
    ["the variable for outputs", { env: { TASK_OUTPUT: "" } }, "env.TASK_OUTPUT"],
    ["a NUL in a value", { env: { A: "\0" } }, "env.A"],
    ["a number as a value", { env: { A: 1 } }, "env.A"],
    ["too many variables", { env: manyVariables(MAX_ENV_VARIABLES + 1) }, "env"],
    ["variables of 3 MB", { env: { A: "x".repeat(3_000_000) } }, "env.A"],
    ["variables of 160 KB in all", { env: manyVariables(5, "x".repeat(32_000)) }, "env"],
    ["an option as image", { image: "--privileged" }, "image"],
    ["a mount as image", { image: "-v /:/host" }, "image"],
    ["an address as image", { image: "http://a/b" }, "image"],
    ["no image", { image: "" }, "image"],
    ["a root folder", { workdir: "/" }, "workdir"],
    ["a folder above", { workdir: "../other" }, "workdir"],
    ["a folder above, in the middle", { workdir: "a/../../b" }, "workdir"],
    ["a NUL in the folder", { workdir: "a\0" }, "workdir"],
    ["an empty folder", { workdir: "" }, "workdir"],
    ["a mount", { mounts: ["/var/run/docker.sock"] }, ""],
    ["privileges", { privileged: true }, ""],
    ["a user", { user: "root" }, ""],
    ["a secret's name that is a path", { secrets: { A: "../../etc/passwd" } }, "secrets.A"],
    ["an input that is a list", { inputs: { A: [1] } }, "inputs.A"],
    ["an input that is not finite", { inputs: { A: Number.NaN } }, "inputs.A"],
    ["an input with a bad name", { inputs: { "a-b": 1 } }, "inputs.a-b"],
  ])("must not have %s", (_, params, path) => {
    expect(problemOf(params)).toBe(path);
  });

  it("may take 64 KiB in all", () => {
    const half = "x".repeat(32_000);

    expect(problemOf({ command: [half] })).toBeNull();
    expect(problemOf({ command: [half, half, half] })).toBe("");
  });

  it.each(["env", "inputs", "secrets"])("has no %s named __proto__", (field) => {
    const params = JSON.parse(`{"${field}":{"__proto__":"x"}}`);

    expect(problemOf(params)).toBe(field);
  });
});

describe("a pipeline", () => {
  const step = { image: "alpine", command: ["true"] };
  const isAccepted = (workflowParams: unknown) =>
    workflowSchema.safeParse({ workflowType: "dagger_pipeline", workflowParams }).success;

  it("has from 1 to 50 steps", () => {
    expect(isAccepted({ steps: [step] })).toBe(true);
    expect(isAccepted({ steps: Array(50).fill(step) })).toBe(true);
    expect(isAccepted({ steps: [] })).toBe(false);
    expect(isAccepted({ steps: Array(51).fill(step) })).toBe(false);
  });

  it("is strict in each step", () => {
    expect(isAccepted({ steps: [{ ...step, mounts: [] }] })).toBe(false);
    expect(isAccepted({ steps: [{ ...step, command: [""] }] })).toBe(false);
    expect(isAccepted({ steps: [{ ...step, workdir: "/" }] })).toBe(false);
  });
});

it.each(["kubernetes_workflow", "CONTAINERIZED_WORKFLOW", "__proto__", "", null])(
  "knows no workflow of the type %j",
  (workflowType) => {
    expect(workflowSchema.safeParse({ workflowType, workflowParams: PARAMS }).success).toBe(false);
  },
);

function manyVariables(count: number, value = ""): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`V${i}`, value]));
}
