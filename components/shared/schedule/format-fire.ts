import { zonedParts } from "@/lib/domain/zoned-time";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A moment as the clocks of a time zone show it: "Sun 8 Mar 2026, 03:00". The same in every browser and on the server. */
export function formatFire(at: Date, timeZone: string): string {
  const { weekday, day, month, year, hour, minute, second } = zonedParts(at, timeZone);
  const seconds = second === "00" ? "" : `:${second}`;
  return `${weekday} ${Number(day)} ${MONTHS[Number(month) - 1]} ${year}, ${hour}:${minute}${seconds}`;
}

/** The distance of a time zone from UTC at a moment: "UTC+1", "UTC−3:30", "UTC". */
export function formatOffset(at: Date, timeZone: string): string {
  const { offset } = zonedParts(at, timeZone);
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  if (!sign || (hours === "00" && minutes === "00")) return "UTC";
  const rest = minutes === "00" ? "" : `:${minutes}`;
  return `UTC${sign === "-" ? "−" : "+"}${Number(hours)}${rest}`;
}
