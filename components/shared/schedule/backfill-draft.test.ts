import { expect, it } from "vitest";
import { backfillInputOf, findBackfillProblems, newBackfill } from "./backfill-draft";

const schedule = {
  scheduleId: "01a20828-80ed-7386-98d5-53d00d501d51",
  timeZone: "America/New_York",
};
const draft = newBackfill(new Date("2026-03-10T02:00Z"), schedule.timeZone);

it("begins with the last seven days on the clocks of the schedule", () => {
  expect(draft).toMatchObject({ from: "2026-03-02T00:00", to: "2026-03-09T00:00" });
  const input = backfillInputOf(draft, schedule);
  expect(input).toMatchObject({
    from: "2026-03-02T05:00:00.000Z",
    to: "2026-03-09T04:00:00.000Z",
  });
  expect(findBackfillProblems(input)).toEqual({});
});

it.each([
  [{ from: "" }, "from"],
  [{ to: "2026-03-01T00:00" }, "to"],
  [{ maxActiveRuns: "" }, "maxActiveRuns"],
  [{ maxActiveRuns: 0 }, "maxActiveRuns"],
])("says at its field what the server would refuse of %j", (change, field) => {
  const problems = findBackfillProblems(backfillInputOf({ ...draft, ...change }, schedule));

  expect(Object.keys(problems)).toEqual([field]);
});

it("may have no limit", () => {
  const unlimited = { ...draft, isUnlimited: true, maxActiveRuns: "" };

  expect(findBackfillProblems(backfillInputOf(unlimited, schedule))).toEqual({});
});
