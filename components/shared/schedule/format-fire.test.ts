import { expect, it } from "vitest";
import { formatFire, formatOffset } from "./format-fire";

it.each([
  ["2026-03-08T07:00:00Z", "America/New_York", "Sun 8 Mar 2026, 03:00", "UTC−4"],
  ["2026-12-31T23:30:05Z", "UTC", "Thu 31 Dec 2026, 23:30:05", "UTC"],
  ["2026-01-01T00:00:00Z", "Asia/Kolkata", "Thu 1 Jan 2026, 05:30", "UTC+5:30"],
  ["2026-01-01T00:00:00Z", "Europe/London", "Thu 1 Jan 2026, 00:00", "UTC"],
])("%s in %s is shown as %s, %s", (at, timeZone, text, offset) => {
  expect(formatFire(new Date(at), timeZone)).toBe(text);
  expect(formatOffset(new Date(at), timeZone)).toBe(offset);
});
