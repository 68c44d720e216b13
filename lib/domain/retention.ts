/** A number of days in words: "1 day", "90 days". */
export function describeDays(days: number): string {
  return days === 1 ? "1 day" : `${days.toLocaleString("en")} days`;
}

/** What became of a run that is not there; `days` is null where runs are kept for ever. */
export function explainMissingRun(days: number | null): string {
  const address = "Either the address is not complete, or it was deleted";
  if (days === null) return `${address}.`;
  return `${address}: runs are deleted ${describeDays(days)} after their end, with all that belongs to them.`;
}
