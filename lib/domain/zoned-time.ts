import { Cron } from "croner";

/** A moment as the clocks of a time zone show it; all parts with leading zeros. */
export type ZonedParts = {
  /** "Mon" to "Sun". */
  weekday: string;
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  /** "+00:00", "+05:30" or "-08:00". */
  offset: string;
};

/** Names as they are in the IANA database; numeric offsets are none, since they know no summer time. */
const NAME = /^[A-Za-z][\w+-]*(\/[A-Za-z][\w+-]*)*$/;

/** The name of a time zone as it is usually written, or null when there is no such zone. */
export function findTimeZone(name: string): string | null {
  if (name.length > 64 || !NAME.test(name)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions();
    // An older name such as US/Eastern is resolved to another one, and then what the person wrote is kept.
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    return null;
  }
}

/** What the clocks of a time zone show at a moment; throws a RangeError for a zone that does not exist. */
export function zonedParts(at: Date, timeZone: string): ZonedParts {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    weekday: part("weekday"),
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    // Some versions of the time zone data write no offset for none.
    offset: part("timeZoneName").replace("GMT", "") || "+00:00",
  };
}

/** A moment as RFC 3339 in a time zone: "2026-03-08T00:00:00-05:00", whose first ten characters are the day there. */
export function toZonedIso(at: Date, timeZone: string): string {
  const { year, month, day, hour, minute, second, offset } = zonedParts(at, timeZone);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
}

/**
 * The moment at which the clocks of a time zone show this ("2026-03-08T02:30", with or without seconds), or null when it is no date. Of a time that
 * comes twice it is the first; one that summer time skips is as long after the gap as it would be after the gap's start.
 */
export function instantOf(local: string, timeZone: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(local)) return null;
  const full = local.padEnd(19, ":00");
  // JavaScript takes 30 February for 2 March.
  const read = new Date(`${full}Z`);
  if (Number.isNaN(read.getTime()) || !read.toISOString().startsWith(local)) return null;
  const options = { timezone: timeZone, paused: true, allowPast: true };
  return new Cron(full, options).getOnce();
}

// Making one takes a hundred times as long as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
  });
  formatters.set(timeZone, made);
  return made;
}
