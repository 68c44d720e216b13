import * as z from "zod";

/** A whole number within bounds; no text is turned into a number, and -0 becomes 0. */
export function wholeNumber(min: number, max: number, unit: string) {
  const message = `Enter a whole number from ${min} to ${max}${unit}.`;
  return z
    .int(message)
    .min(min, message)
    .max(max, message)
    .transform((n) => n + 0);
}
