const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** The common cron expressions in words, "every day at 02:30"; null for one that is better read as it is. */
export function describeExpression(expression: string): string | null {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = expression.split(" ");
  const days = describeDays({ day, month, weekday });
  if (days === null) return null;
  const times = describeTimes(minute, hour);
  if (times !== null) return days === "" ? `every day at ${times}` : `${days} at ${times}`;
  const rhythm = describeRhythm(minute, hour);
  return rhythm && (days === "" ? rhythm : `${rhythm}, ${days}`);
}

/** "02:30", "02:30 and 14:30"; null unless minute and hours are plain numbers. */
function describeTimes(minute: string, hour: string): string | null {
  if (!/^\d+$/.test(minute) || !/^\d+(,\d+){0,3}$/.test(hour)) return null;
  return list(hour.split(",").map((each) => `${each.padStart(2, "0")}:${minute.padStart(2, "0")}`));
}

function describeRhythm(minute: string, hour: string): string | null {
  const minutes = stepOf(minute);
  if (minutes !== null && hour === "*")
    return minutes === 1 ? "every minute" : `every ${minutes} minutes`;
  const hours = stepOf(hour);
  if (hours === null || !/^\d+$/.test(minute)) return null;
  const past = minute === "0" ? "on the hour" : `at :${minute.padStart(2, "0")}`;
  return `${hours === 1 ? "every hour" : `every ${hours} hours`} ${past}`;
}

/** 1 for "*", 5 for "*\/5". */
function stepOf(field: string): number | null {
  const step = /^\*(?:\/(\d+))?$/.exec(field);
  return step && Number(step[1] ?? 1);
}

/** "" for every day. */
function describeDays(fields: { day: string; month: string; weekday: string }): string | null {
  const { day, month, weekday } = fields;
  if (weekday !== "*") return day === "*" && month === "*" ? describeWeekdays(weekday) : null;
  if (day === "*") return month === "*" ? "" : null;
  if (day === "L" && month === "*") return "on the last day of every month";
  if (!/^\d+$/.test(day)) return null;
  if (month === "*") return `on day ${Number(day)} of every month`;
  const name = /^\d+$/.test(month) ? MONTHS[Number(month) - 1] : undefined;
  return name ? `every year on ${Number(day)} ${name}` : null;
}

function describeWeekdays(field: string): string | null {
  const text = field.toUpperCase();
  if (text === "1-5" || text === "MON-FRI") return "on weekdays";
  const names = text.split(",").map(nameOfDay);
  if (names.length > 4 || names.includes(undefined)) return null;
  return `every ${list(names.map(String))}`;
}

function nameOfDay(text: string): string | undefined {
  if (/^[0-7]$/.test(text)) return DAYS[Number(text) % 7];
  return text.length === 3
    ? DAYS.find((name) => name.slice(0, 3).toUpperCase() === text)
    : undefined;
}

/** "a", "a and b", "a, b and c". */
function list(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}
