import { describe, expect, it } from "vitest";
import {
  findDueFire,
  findExpressionProblem,
  listFireTimes,
  nextFireTime,
  type Timing,
} from "./schedule";

const NEW_YORK = "America/New_York";
const BERLIN = "Europe/Berlin";

function cron(expression: string, timeZone = "UTC", bounds: { from?: string; to?: string } = {}) {
  const startsAt = bounds.from ? new Date(bounds.from) : null;
  const endsAt = bounds.to ? new Date(bounds.to) : null;
  return { kind: "cron", expression, timeZone, startsAt, endsAt } as const satisfies Timing;
}

function timesAfter(timing: Timing, after: string, count: number): string[] {
  const times: string[] = [];
  let next = nextFireTime(timing, new Date(after));
  while (next && times.length < count) {
    times.push(short(next));
    next = nextFireTime(timing, next);
  }
  return times;
}

const short = (at: Date) => at.toISOString().replace(":00.000Z", "Z");

describe("the fire times of an expression", () => {
  it.each([
    ["*/20 * * * *", "UTC", "2026-01-01T00:19Z", ["2026-01-01T00:20Z", "2026-01-01T00:40Z"]],
    ["30 2 * * 1-5", "UTC", "2026-01-02T02:30Z", ["2026-01-05T02:30Z", "2026-01-06T02:30Z"]],
    ["0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    ["0 0 L * *", "UTC", "2026-01-31T00:00Z", ["2026-02-28T00:00Z", "2026-03-31T00:00Z"]],
    ["0 12 14 * FRI", "UTC", "2026-02-12T12:00Z", ["2026-02-13T12:00Z", "2026-02-14T12:00Z"]],
    ["0 9 * * *", "Asia/Kolkata", "2026-01-01T00:00Z", ["2026-01-01T03:30Z", "2026-01-02T03:30Z"]],
  ])("%s in %s after %s are %j", (expression, zone, after, expected) => {
    expect(timesAfter(cron(expression, zone), after, expected.length)).toEqual(expected);
  });
});

describe("in the night that loses an hour", () => {
  it.each([
    // The named time does not exist: once, right after the gap, and as ever on the next day.
    ["30 2 * * *", NEW_YORK, "2026-03-07T12:00Z", ["2026-03-08T07:00Z", "2026-03-09T06:30Z"]],
    ["30 2 * * *", BERLIN, "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]],
    // Several named times in the gap meet at its end, and are one.
    ["0,30 2 * * *", NEW_YORK, "2026-03-08T00:00Z", ["2026-03-08T07:00Z", "2026-03-09T06:00Z"]],
    ["15 2,3 * * *", BERLIN, "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-29T01:15Z"]],
    // A rhythm goes on in real time.
    [
      "*/30 * * * *",
      NEW_YORK,
      "2026-03-08T06:00Z",
      ["2026-03-08T06:30Z", "2026-03-08T07:00Z", "2026-03-08T07:30Z"],
    ],
    ["0 */2 * * *", BERLIN, "2026-03-28T22:00Z", ["2026-03-28T23:00Z", "2026-03-29T02:00Z"]],
  ])("%s in %s fires after %s at %j", (expression, zone, after, expected) => {
    expect(timesAfter(cron(expression, zone), after, expected.length)).toEqual(expected);
  });
});

describe("in the night that has an hour twice", () => {
  it.each([
    // The named time comes twice: once, the first time.
    ["30 1 * * *", NEW_YORK, "2026-10-31T12:00Z", ["2026-11-01T05:30Z", "2026-11-02T06:30Z"]],
    ["30 2 * * *", BERLIN, "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]],
    ["0,30 2 * * *", BERLIN, "2026-10-24T22:00Z", ["2026-10-25T00:00Z", "2026-10-25T00:30Z"]],
    // A rhythm goes on in real time.
    [
      "*/30 * * * *",
      NEW_YORK,
      "2026-11-01T05:00Z",
      ["2026-11-01T05:30Z", "2026-11-01T06:00Z", "2026-11-01T06:30Z", "2026-11-01T07:00Z"],
    ],
    [
      "0 * * * *",
      BERLIN,
      "2026-10-24T23:00Z",
      ["2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z"],
    ],
  ])("%s in %s fires after %s at %j", (expression, zone, after, expected) => {
    expect(timesAfter(cron(expression, zone), after, expected.length)).toEqual(expected);
  });

  it.each([
    ["30 2 * * *", NEW_YORK],
    ["30 1 * * *", NEW_YORK],
    ["30 2 * * *", BERLIN],
    ["0 0 * * *", BERLIN],
  ])("and over the whole year %s in %s fires once a day", (expression, timeZone) => {
    const [from, to] = [new Date("2026-01-01T12:00Z"), new Date("2027-01-01T12:00Z")];
    const times = listFireTimes({ expression, timeZone }, { from, to, limit: 1000 });

    expect(times).toHaveLength(365);
    expect(times).toEqual([...times].sort((a, b) => a.getTime() - b.getTime()));
  });
});

describe("the validity of a schedule", () => {
  it("begins with its start, itself included", () => {
    const timing = cron("0 * * * *", "UTC", { from: "2026-05-01T10:00Z" });

    expect(timesAfter(timing, "2026-01-01T00:00Z", 1)).toEqual(["2026-05-01T10:00Z"]);
    expect(timesAfter(timing, "2026-05-01T10:00Z", 1)).toEqual(["2026-05-01T11:00Z"]);
  });

  it("ends before its end", () => {
    const timing = cron("0 * * * *", "UTC", { to: "2026-05-01T12:00Z" });

    expect(timesAfter(timing, "2026-05-01T10:30Z", 5)).toEqual(["2026-05-01T11:00Z"]);
  });

  it("of a single time is that time", () => {
    const timing = {
      kind: "once",
      onceAt: new Date("2026-05-01T10:00Z"),
      timeZone: "UTC",
    } as const;

    expect(timesAfter(timing, "2026-01-01T00:00Z", 5)).toEqual(["2026-05-01T10:00Z"]);
    expect(timesAfter(timing, "2026-05-01T10:00Z", 5)).toEqual([]);
  });
});

describe("a schedule whose time has come", () => {
  function due(
    timing: Timing,
    given: { nextFireAt: string; now: string; missedFires?: "catch_up" | "skip" },
  ) {
    const { latest, isMissed, next } = findDueFire({
      timing,
      nextFireAt: new Date(given.nextFireAt),
      now: new Date(given.now),
      missedFires: given.missedFires ?? "catch_up",
    });
    return [short(latest), isMissed, next && short(next)];
  }

  const hourly = cron("0 * * * *");
  const once: Timing = { kind: "once", onceAt: new Date("2026-05-01T10:00Z"), timeZone: "UTC" };

  it.each([
    ["at once", hourly, "skip", "2026-05-01T10:00:00.000Z", ["2026-05-01T10:00Z", false]],
    ["after some seconds", hourly, "skip", "2026-05-01T10:00:59Z", ["2026-05-01T10:00Z", false]],
    ["after a minute", hourly, "skip", "2026-05-01T10:01:00Z", ["2026-05-01T10:00Z", false]],
    ["too late", hourly, "skip", "2026-05-01T10:01:01Z", ["2026-05-01T10:00Z", true]],
    ["too late", hourly, "catch_up", "2026-05-01T10:01:01Z", ["2026-05-01T10:00Z", false]],
    ["after many", hourly, "catch_up", "2026-05-03T17:20:00Z", ["2026-05-03T17:00Z", false]],
    ["after many", hourly, "skip", "2026-05-03T17:20:00Z", ["2026-05-03T17:00Z", true]],
    ["on a later one", hourly, "skip", "2026-05-03T17:00:10Z", ["2026-05-03T17:00Z", false]],
    ["too late", once, "catch_up", "2026-06-01T00:00:00Z", ["2026-05-01T10:00Z", false]],
    ["too late", once, "skip", "2026-06-01T00:00:00Z", ["2026-05-01T10:00Z", true]],
    ["at once", once, "skip", "2026-05-01T10:00:01Z", ["2026-05-01T10:00Z", false]],
  ] as const)(
    "and is seen %s (%o, %s, %s) fires as %j",
    (_, timing, missedFires, now, expected) => {
      const found = due(timing, { nextFireAt: "2026-05-01T10:00Z", now, missedFires });

      expect(found.slice(0, 2)).toEqual(expected);
    },
  );

  it("goes on with the first fire time that is to come", () => {
    expect(due(hourly, { nextFireAt: "2026-05-01T10:00Z", now: "2026-05-03T17:20Z" })[2]).toBe(
      "2026-05-03T18:00Z",
    );
    expect(due(once, { nextFireAt: "2026-05-01T10:00Z", now: "2026-05-01T10:00Z" })[2]).toBeNull();
  });

  it("never fires a time at or after its end", () => {
    const timing = cron("0 * * * *", "UTC", { to: "2026-05-01T12:00Z" });

    expect(due(timing, { nextFireAt: "2026-05-01T10:00Z", now: "2026-05-09T00:00Z" })).toEqual([
      "2026-05-01T11:00Z",
      false,
      null,
    ]);
  });

  it("fires the stored time even if the rules of its time zone have changed since", () => {
    expect(due(hourly, { nextFireAt: "2026-05-01T10:17Z", now: "2026-05-01T10:17Z" })[0]).toBe(
      "2026-05-01T10:17Z",
    );
  });
});

describe("a range of fire times", () => {
  it("holds its start and not its end", () => {
    const times = listFireTimes(
      { expression: "0 * * * *", timeZone: "UTC" },
      { from: new Date("2026-05-01T10:00Z"), to: new Date("2026-05-01T12:00Z"), limit: 10 },
    );

    expect(times.map(short)).toEqual(["2026-05-01T10:00Z", "2026-05-01T11:00Z"]);
  });

  it("stops at its limit", () => {
    const [from, to] = [new Date("2000-01-01T00:00Z"), new Date("2100-01-01T00:00Z")];
    const times = listFireTimes(
      { expression: "* * * * *", timeZone: BERLIN },
      { from, to, limit: 7 },
    );

    expect(times).toHaveLength(7);
  });
});

describe("a cron expression", () => {
  it.each([
    "* * * * *",
    "0 0 1 1 0",
    "*/5 8-18 * * MON-FRI",
    "0 0 L * *",
    "0 9 * * FRI#1",
    "0 0 29 2 *",
    "0 0 29 2 +MON",
    "15,45 */2 1-7 JAN,JUL *",
  ])("may be %s", (expression) => {
    expect(findExpressionProblem(expression)).toBeNull();
  });

  it.each([
    ["", /five fields/],
    ["* * * *", /five fields/],
    ["* * * * * *", /five fields/],
    ["@daily", /five fields/],
    ["2030-01-01T00:00:00", /five fields/],
    ["* * * * *\n", /five fields/],
    ["* * * * *;ls", /five fields/],
    ["٣ * * * *", /five fields/],
    ["61 * * * *", /Invalid value for minute: 61/],
    ["* 24 * * *", /hour/],
    ["* * 0 * *", /day/],
    ["* * * 13 *", /month/],
    ["* * * * 8", /dayOfWeek/],
    ["*/0 * * * *", /stepping/],
    ["5-1 * * * *", /larger/],
    ["a b c d e", /illegal/],
    ["0 0 30 2 *", /never fire/],
    ["0 0 31 4,6 *", /never fire/],
  ])("may not be %j", (expression, problem) => {
    expect(findExpressionProblem(expression)).toMatch(problem);
  });
});
