const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

/** The number that was typed, or the text itself when it is none: nothing is guessed, so nothing is lost. */
export function numberFromText(text: string): number | string {
  const trimmed = text.trim();
  return PLAIN_NUMBER.test(trimmed) ? Number(trimmed) : text;
}

/** The next number up or down, within the limits; from what is no number it starts at the lower limit. */
export function stepNumber(
  value: number | string,
  { by, min = 0, max = Number.MAX_SAFE_INTEGER }: { by: number; min?: number; max?: number },
): number {
  if (typeof value !== "number") return min;
  // Tenths add up to 0.30000000000000004 otherwise.
  const next = Number((value + by).toFixed(6));
  return Math.min(max, Math.max(min, next));
}
