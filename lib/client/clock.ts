let offsetMs = 0;

/** The database's clock decides when something is due; a browser's clock may be wrong by minutes. */
export function noteServerTime(now: string): void {
  offsetMs = Date.parse(now) - Date.now();
}

/** Milliseconds to add to the browser's time to have the database's. */
export function serverClockOffset(): number {
  return offsetMs;
}
