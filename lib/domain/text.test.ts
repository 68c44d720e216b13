import { describe, expect, it } from "vitest";
import type * as z from "zod";
import {
  descriptionSchema,
  keyFromName,
  nameSchema,
  programTextSchema,
  taskKeySchema,
} from "./text";

/** The codes of the first issue: of our own where there is one. */
function refusal(schema: z.ZodType, value: unknown): string | null {
  const issue = schema.safeParse(value).error?.issues[0];
  if (!issue) return null;
  return issue.code === "custom" ? String(issue.params?.code ?? "custom") : issue.code;
}

describe("a name", () => {
  it.each([
    ["spaces around it", "  a b  ", "a b"],
    ["a decomposed accent", "e\u0301", "é"],
    ["a line break at its end", "name\n", "name"],
    ["an emoji made of several", "👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"],
    ["markup", "<script>alert(1)</script>", "<script>alert(1)</script>"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of others, literal here
    ["a template", "{{7*7}} ${7*7} #{7*7}", "{{7*7}} ${7*7} #{7*7}"],
    ["SQL", "'; DROP TABLE executions;--", "'; DROP TABLE executions;--"],
    ["200 characters outside of the basic plane", "𝒳".repeat(200), "𝒳".repeat(200)],
  ])("may have %s", (_, given, stored) => {
    expect(nameSchema.parse(given)).toBe(stored);
  });

  it.each([
    ["nothing", "", "custom"],
    ["spaces alone", " \t\n ", "custom"],
    ["201 characters", "x".repeat(201), "custom"],
    ["a megabyte", "x".repeat(1024 * 1024), "too_big"],
    ["10,000 combining marks", `a${"\u0300".repeat(10_000)}`, "too_big"],
    ["NUL", "a\0b", "invalid_character"],
    ["half a surrogate pair", "a\ud800", "invalid_character"],
    ["a line break inside", "a\nb", "invalid_character"],
    ["a tab inside", "a\tb", "invalid_character"],
    ["an escape", "a\u001b[2J", "invalid_character"],
    ["a C1 control", "a\u009bb", "invalid_character"],
    ["a direction override", "a\u202eb", "invalid_character"],
    ["an isolate", "a\u2066b", "invalid_character"],
    ["a zero-width space", "a\u200bb", "invalid_character"],
    ["a byte order mark", "\ufeffa", "invalid_character"],
    ["a soft hyphen", "a\u00adb", "invalid_character"],
    ["a tag character", "a\u{e0041}b", "invalid_character"],
    ["no text", 7, "invalid_type"],
  ])("is refused with %s", (_, value, code) => {
    expect(refusal(nameSchema, value)).toBe(code);
  });
});

describe("a description", () => {
  it("may have several lines, tabs and nothing at all", () => {
    expect(descriptionSchema.parse("a\n\tb\r\n")).toBe("a\n\tb\r\n");
    expect(descriptionSchema.parse("")).toBe("");
  });

  it.each([
    ["NUL", "\0", "invalid_character"],
    ["an escape", "\u001b]0;title", "invalid_character"],
    ["half a surrogate pair", "\udfff", "invalid_character"],
    ["10,001 characters", "x".repeat(10_001), "too_big"],
  ])("is refused with %s", (_, value, code) => {
    expect(refusal(descriptionSchema, value)).toBe(code);
  });
});

describe("a task's key", () => {
  it.each(["a", "A.b-c_9", "0", "constructor", "toString", "hasOwnProperty", "x".repeat(100)])(
    "may be %s",
    (key) => {
      expect(taskKeySchema.parse(key)).toBe(key);
    },
  );

  it.each([
    "",
    "__proto__",
    "-a",
    ".a",
    "a b",
    "a ",
    "é",
    "e\u0301",
    "аdmin",
    "a/b",
    "../a",
    "a\n",
    "a\0",
    "a\u200b",
    "x".repeat(101),
  ])("is never %j", (key) => {
    expect(refusal(taskKeySchema, key)).not.toBeNull();
  });
});

describe("keyFromName", () => {
  it.each([
    ["Fetch the data!", "fetch-the-data"],
    ["  Über–Größe ", "uber-gro-e"],
    ["数据", "task"],
    ["__proto__", "proto"],
    ["...", "task"],
    [`${"a".repeat(91)} b`, "a".repeat(91)],
  ])("makes %j into %j", (name, key) => {
    expect(keyFromName(name)).toBe(key);
    expect(taskKeySchema.parse(keyFromName(name))).toBe(key);
  });
});

describe("a text for a program", () => {
  it("may have anything but NUL, up to 32 KiB", () => {
    expect(programTextSchema.parse("a\n\u001b[0m\t$(id)")).toBe("a\n\u001b[0m\t$(id)");
    expect(programTextSchema.parse("é".repeat(16_384))).toHaveLength(16_384);
    expect(refusal(programTextSchema, "a\0")).toBe("invalid_character");
    expect(refusal(programTextSchema, "é".repeat(16_385))).toBe("custom");
  });
});
