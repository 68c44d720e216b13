import { expect, it } from "vitest";
import { formatCountdown } from "./countdown";

it.each([
  [-5, "now"],
  [0, "now"],
  [1, "in 1 s"],
  [11_001, "in 12 s"],
  [59_001, "in 1 min 00 s"],
  [3_600_000, "in 1 h 00 min"],
])("shows %i ms as %j", (ms, expected) => {
  expect(formatCountdown(ms)).toBe(expected);
});
