import { expect, it } from "vitest";
import * as z from "zod";
import { EngineError } from "./errors";
import { formatPath, parseInput } from "./parse-input";

const schema = z.strictObject({
  tasks: z.array(
    z.strictObject({
      name: z.string().refine((name) => name !== "bad", {
        message: "This name is bad.",
        params: { code: "invalid_character" },
      }),
    }),
  ),
});

function refusalOf(value: unknown): EngineError {
  try {
    parseInput(schema, value);
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error("It was not refused.");
}

it("returns what the schema makes of the value", () => {
  expect(parseInput(schema, { tasks: [{ name: "a" }] })).toEqual({ tasks: [{ name: "a" }] });
});

it("names the place of each problem, with the code of the first", () => {
  const refusal = refusalOf({ tasks: [{ name: "a" }, { name: "bad" }, { name: 1 }] });

  expect(refusal.code).toBe("invalid_character");
  expect(refusal.message).toBe("tasks[1].name: This name is bad.");
  expect(refusal.details.map(({ path }) => path)).toEqual(["tasks[1].name", "tasks[2].name"]);
});

it("reports at most twenty problems", () => {
  const tasks = Array.from({ length: 30 }, () => ({ name: 1 }));

  expect(refusalOf({ tasks }).details).toHaveLength(20);
});

it.each([
  ["an unknown field", { tasks: [], role: "admin" }],
  ["a field named __proto__", JSON.parse('{"tasks":[],"__proto__":{"role":"admin"}}')],
  ["a field named constructor", JSON.parse('{"tasks":[],"constructor":{}}')],
  ["nothing", undefined],
  ["null", null],
  ["a list", []],
])("refuses %s", (_, value) => {
  expect(refusalOf(value).code).toBe("invalid");
});

it("writes paths as one would in a program", () => {
  expect(formatPath(["tasks", 3, "retry", "delay"])).toBe("tasks[3].retry.delay");
  expect(formatPath([])).toBe("");
});
