import { describe, expect, it } from "vitest";
import { numberFromText, stepNumber } from "./number-text";

describe("numberFromText", () => {
  it.each([
    ["0", 0],
    ["12", 12],
    ["-3", -3],
    ["1.50", 1.5],
    [" 7 ", 7],
  ])("reads %j as a number", (text, number) => {
    expect(numberFromText(text)).toBe(number);
  });

  it.each(["", "-", "1.", "1e3", "0x10", "1,5", "ten", "Infinity"])(
    "keeps %j as the text that was typed",
    (text) => {
      expect(numberFromText(text)).toBe(text);
    },
  );
});

describe("stepNumber", () => {
  it.each([
    [3, { by: 1 }, 4],
    [0, { by: -1 }, 0],
    [9, { by: 5, max: 10 }, 10],
    [0.1, { by: 0.2 }, 0.3],
    ["abc", { by: 1, min: 1 }, 1],
  ])("goes from %j by %j to %j", (value, step, expected) => {
    expect(stepNumber(value, step)).toBe(expected);
  });
});
