const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something took, in its two largest units: "340 ms", "1.4 s", "3 min 05 s", "2 h 10 min", "3 d 04 h". */
export function formatDuration(ms: number): string {
  if (ms <= 0) return "0 s";
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND && ms % SECOND !== 0) return `${Math.floor(ms / 100) / 10} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return twoUnits(ms, { unit: MINUTE, name: "min", next: SECOND, nextName: "s" });
  if (ms < DAY) return twoUnits(ms, { unit: HOUR, name: "h", next: MINUTE, nextName: "min" });
  return twoUnits(ms, { unit: DAY, name: "d", next: HOUR, nextName: "h" });
}

function twoUnits(
  ms: number,
  { unit, name, next, nextName }: { unit: number; name: string; next: number; nextName: string },
): string {
  const rest = String(Math.floor((ms % unit) / next)).padStart(2, "0");
  return `${Math.floor(ms / unit)} ${name} ${rest} ${nextName}`;
}

/** How far a moment is from now, in one unit: "now", "12 s ago", "in 3 min"; a date once it is a month away. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < SECOND) return "now";
  if (distance >= 30 * DAY) return new Date(at).toISOString().slice(0, 10);
  return at > now ? `in ${oneUnit(distance)}` : `${oneUnit(distance)} ago`;
}

function oneUnit(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}
