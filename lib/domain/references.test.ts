// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to outputs look like that

import { describe, expect, it } from "vitest";
import { EngineError } from "./errors";
import type { JsonValue } from "./json";
import { referencedTasks, resolveReferences, type TaskOutputs } from "./references";

const outputs: TaskOutputs = new Map<string, Record<string, JsonValue>>([
  ["fetch", { url: "x", count: 3, nested: { a: [1] }, again: "${tasks.fetch.outputs.url}" }],
  ["a.b-c", { "out.1": "dotted" }],
]);

describe("resolveReferences", () => {
  it.each([
    ["a text without any", "echo $HOME ${HOME} {{7*7}}", "echo $HOME ${HOME} {{7*7}}"],
    ["one in a text", "get ${tasks.fetch.outputs.url}!", "get x!"],
    ["several", "${tasks.fetch.outputs.url}${tasks.fetch.outputs.count}", "x3"],
    ["a value that is no text", "${tasks.fetch.outputs.nested}", '{"a":[1]}'],
    ["dots in both names", "${tasks.a.b-c.outputs.out.1}", "dotted"],
    ["one that is meant literally", "$${tasks.fetch.outputs.url}", "${tasks.fetch.outputs.url}"],
    ["one within a value", "${tasks.fetch.outputs.again}", "${tasks.fetch.outputs.url}"],
  ])("resolves %s", (_, text, resolved) => {
    expect(resolveReferences(text, outputs)).toBe(resolved);
  });

  it.each([
    ["${tasks.other.outputs.url}", 'no completed task "other"'],
    ["${tasks.fetch.outputs.missing}", 'gave no output "missing"'],
    ["${tasks.fetch.outputs.constructor}", 'gave no output "constructor"'],
    ["${tasks.fetch.outputs.toString}", 'gave no output "toString"'],
  ])("refuses %s", (text, why) => {
    expect(() => resolveReferences(text, outputs)).toThrow(EngineError);
    expect(() => resolveReferences(text, outputs)).toThrow(why);
  });

  it("reads a long text of almost-references in linear time", () => {
    const text = "${tasks.a.".repeat(3000);

    expect(resolveReferences(text, outputs)).toBe(text);
  });
});

describe("referencedTasks", () => {
  it("names each task once, and none that is meant literally", () => {
    const text =
      "${tasks.b.outputs.x} ${tasks.a.outputs.x} ${tasks.b.outputs.y} $${tasks.c.outputs.x}";

    expect(referencedTasks(text)).toEqual(["b", "a"]);
  });
});
