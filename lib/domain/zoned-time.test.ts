import { describe, expect, it } from "vitest";
import { findTimeZone, instantOf, toZonedIso, zonedParts } from "./zoned-time";

describe("a time zone", () => {
  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    ["europe/berlin", "Europe/Berlin"],
    ["UTC", "UTC"],
    ["Etc/GMT+3", "Etc/GMT+3"],
    ["America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
    ["US/Eastern", "US/Eastern"],
  ])("%s is known", (name, written) => {
    expect(findTimeZone(name)).toBe(written);
  });

  it.each([
    "",
    "Mars/Phobos",
    "+02:00",
    "+25:00",
    "GMT+2",
    "../../etc/passwd",
    "Europe/Berlin ",
    "Europe/Berlin\n",
    "__proto__",
    "constructor",
    "A".repeat(65),
    "Europe/Berlin\0",
  ])("%j is refused", (name) => {
    expect(findTimeZone(name)).toBeNull();
  });
});

describe("a moment in a time zone", () => {
  it.each([
    ["2026-03-08T06:59:59Z", "America/New_York", "2026-03-08T01:59:59-05:00"],
    ["2026-03-08T07:00:00Z", "America/New_York", "2026-03-08T03:00:00-04:00"],
    ["2026-03-28T23:00:00Z", "Europe/Berlin", "2026-03-29T00:00:00+01:00"],
    ["2026-06-30T22:00:00Z", "Europe/Berlin", "2026-07-01T00:00:00+02:00"],
    ["2026-01-01T00:00:00Z", "UTC", "2026-01-01T00:00:00+00:00"],
    ["2026-01-01T00:00:00Z", "Asia/Kolkata", "2026-01-01T05:30:00+05:30"],
  ])("%s in %s is %s", (at, timeZone, text) => {
    expect(toZonedIso(new Date(at), timeZone)).toBe(text);
    expect(new Date(text)).toEqual(new Date(at));
  });

  it("is told with its weekday", () => {
    expect(zonedParts(new Date("2026-03-01T23:30:00Z"), "Europe/Berlin").weekday).toBe("Mon");
  });
});

describe("what clocks show", () => {
  it.each([
    ["2026-07-01T12:00", "America/New_York", "2026-07-01T16:00:00.000Z"],
    ["2026-07-01T12:00:59", "UTC", "2026-07-01T12:00:59.000Z"],
    ["2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00.000Z"], // skipped: 03:30 of summer time
    ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"], // comes twice: the first
    ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
    ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ])("%s in %s is the moment %s", (local, timeZone, at) => {
    expect(instantOf(local, timeZone)?.toISOString()).toBe(at);
  });

  it.each([
    "",
    "2026-02-30T10:00",
    "2026-13-01T10:00",
    "2026-01-01T24:00",
    "2026-01-01",
    "tomorrow",
    "* * * * *",
  ])("%j is no moment", (local) => {
    expect(instantOf(local, "UTC")).toBeNull();
  });
});
