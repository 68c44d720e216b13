import { describe, expect, it } from "vitest";
import { formatDuration, formatRelative } from "./format-time";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("formatDuration", () => {
  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [340, "340 ms"],
    [1000, "1 s"],
    [1450, "1.4 s"],
    [9990, "9.9 s"],
    [59_999, "59 s"],
    [3 * MINUTE + 5 * SECOND, "3 min 05 s"],
    [2 * HOUR + 10 * MINUTE, "2 h 10 min"],
    [3 * DAY + 4 * HOUR, "3 d 04 h"],
  ])("writes %d ms as %s", (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});

describe("formatRelative", () => {
  const now = Date.UTC(2030, 0, 31, 12);

  it.each([
    [0, "now"],
    [-12 * SECOND, "12 s ago"],
    [90 * SECOND, "in 1 min"],
    [-5 * HOUR, "5 h ago"],
    [-2 * DAY, "2 d ago"],
    [-30 * DAY, "2030-01-01"],
  ])("writes a moment %d ms away as %s", (offset, expected) => {
    expect(formatRelative(now + offset, now)).toBe(expected);
  });
});
