import { describe, expect, it } from "vitest";
import { naughtyStrings } from "@/lib/testing/naughty-strings";
import { scheduleFieldsSchema, startBackfillSchema, updateScheduleSchema } from "./schedule-inputs";

const ID = "01a20828-80ed-7386-98d5-53d00d501d51";
const cron = { kind: "cron", name: "Nightly", expression: "30 2 * * *", timeZone: "UTC" };
const soon = new Date(Date.now() + 86_400_000).toISOString();
const once = { kind: "once", name: "Launch", onceAt: soon };

describe("a schedule", () => {
  it("is given what was left out", () => {
    expect(scheduleFieldsSchema.parse(cron)).toEqual({
      ...cron,
      enabled: true,
      missedFires: "catch_up",
      overlap: "allow",
      priority: null,
      startsAt: null,
      endsAt: null,
    });
    expect(scheduleFieldsSchema.parse(once)).toMatchObject({ timeZone: "UTC", enabled: true });
  });

  it("has one space between the fields of its expression", () => {
    const parsed = scheduleFieldsSchema.parse({ ...cron, expression: "  30\t 2  * * * " });

    expect(parsed).toMatchObject({ expression: "30 2 * * *" });
  });

  it.each([
    ["another kind", { ...cron, kind: "interval" }],
    ["no kind", { ...cron, kind: undefined }],
    ["a field of the other kind", { ...cron, onceAt: soon }],
    ["an expression in place of a time", { ...once, expression: "* * * * *" }],
    ["a field set by the engine", { ...cron, nextFireAt: soon }],
    ["a name that is empty", { ...cron, name: " " }],
    ["an expression that is none", { ...cron, expression: "every day" }],
    ["an expression that is too long", { ...cron, expression: `${"1,".repeat(200)}1 * * * *` }],
    ["a time zone that is none", { ...cron, timeZone: "Mars/Phobos" }],
    ["an offset as its time zone", { ...cron, timeZone: "+02:00" }],
    ["no time zone", { ...cron, timeZone: undefined }],
    ["a policy that is none", { ...cron, missedFires: "SKIP" }],
    ["a priority that is none", { ...cron, priority: "URGENT" }],
    ["a text for its switch", { ...cron, enabled: "true" }],
    ["an end before its start", { ...cron, startsAt: soon, endsAt: "2026-01-01T00:00:00Z" }],
    ["a start without an offset", { ...cron, startsAt: "2026-01-01T00:00:00" }],
    ["an end far away", { ...cron, endsAt: "2200-01-01T00:00:00Z" }],
    ["a day that does not exist", { ...once, onceAt: "2026-02-30T00:00:00Z" }],
    ["a time without an offset", { ...once, onceAt: "2026-12-24T18:00:00" }],
    ["a time in words", { ...once, onceAt: "tomorrow" }],
    ["a time too far ahead", { ...once, onceAt: "2099-01-01T00:00:00Z" }],
  ])("is refused with %s", (_, fields) => {
    expect(scheduleFieldsSchema.safeParse(fields).success).toBe(false);
  });

  it.each(["expression", "timeZone", "startsAt", "missedFires", "kind"])(
    "takes no strange text as its %s",
    (field) => {
      const taken = naughtyStrings.filter(
        (text) => scheduleFieldsSchema.safeParse({ ...cron, [field]: text }).success,
      );

      expect(taken).toEqual([]);
    },
  );

  it("is changed from a version", () => {
    const input = { scheduleId: ID, schedule: cron };

    expect(updateScheduleSchema.safeParse({ ...input, version: 1 }).success).toBe(true);
    expect(updateScheduleSchema.safeParse(input).success).toBe(false);
  });
});

describe("a back-fill", () => {
  const range = { scheduleId: ID, from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00+01:00" };

  it("runs one at a time and with LOW priority unless told otherwise", () => {
    expect(startBackfillSchema.parse(range)).toMatchObject({ maxActiveRuns: 1, priority: "LOW" });
    expect(
      startBackfillSchema.parse({ ...range, maxActiveRuns: null, priority: null }),
    ).toMatchObject({ maxActiveRuns: null, priority: null });
  });

  it.each([
    ["no end", { ...range, to: undefined }],
    ["an end before its start", { ...range, to: "2025-12-31T00:00:00Z" }],
    ["an empty range", { ...range, to: range.from }],
    ["no room", { ...range, maxActiveRuns: 0 }],
    ["half a run", { ...range, maxActiveRuns: 1.5 }],
    ["a text", { ...range, maxActiveRuns: "3" }],
    ["too many at once", { ...range, maxActiveRuns: 101 }],
    ["a field more", { ...range, status: "COMPLETED" }],
  ])("is refused with %s", (_, input) => {
    expect(startBackfillSchema.safeParse(input).success).toBe(false);
  });
});
