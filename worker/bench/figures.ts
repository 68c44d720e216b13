/** The value below which this share of the values lies; NaN without any. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value; NaN without any. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Milliseconds on the clock that all processes of this machine share and no one sets. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
