import { expect, it } from "vitest";
import { describeExpression } from "./describe-expression";

it.each([
  ["* * * * *", "every minute"],
  ["*/1 * * * *", "every minute"],
  ["*/15 * * * *", "every 15 minutes"],
  ["0 * * * *", "every hour on the hour"],
  ["5 * * * *", "every hour at :05"],
  ["30 */6 * * *", "every 6 hours at :30"],
  ["30 2 * * *", "every day at 02:30"],
  ["0 6,18 * * *", "every day at 06:00 and 18:00"],
  ["30 2 * * 1-5", "on weekdays at 02:30"],
  ["30 2 * * MON-FRI", "on weekdays at 02:30"],
  ["0 9 * * 7", "every Sunday at 09:00"],
  ["0 9 * * mon,3,FRI", "every Monday, Wednesday and Friday at 09:00"],
  ["*/10 * * * 1-5", "every 10 minutes, on weekdays"],
  ["0 0 1 * *", "on day 1 of every month at 00:00"],
  ["0 0 L * *", "on the last day of every month at 00:00"],
  ["0 0 24 12 *", "every year on 24 December at 00:00"],
])("%s is %s", (expression, words) => {
  expect(describeExpression(expression)).toBe(words);
});

it.each([
  "0-29 * * * *",
  "0,30 2 * * *",
  "*/15 8-18 * * *",
  "30 2 13 * 5",
  "0 0 * 1-3 *",
  "0 9 * * FRI#1",
  "0 0 15W * *",
  "30 2 1 13 *",
  "",
])("%j is better read as it is", (expression) => {
  expect(describeExpression(expression)).toBeNull();
});
