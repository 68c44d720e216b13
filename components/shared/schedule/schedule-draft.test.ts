import { describe, expect, it } from "vitest";
import { scheduleFieldsSchema } from "@/lib/domain/schedule-inputs";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { draftOf, findProblems, inputOf, newDraft, nextFires } from "./schedule-draft";

const draft = { ...newDraft("Europe/Berlin"), name: "Nightly" };
const NOW = new Date("2026-03-28T12:00Z");

describe("a draft", () => {
  it("lacks nothing but its name at first", () => {
    expect(findProblems(newDraft("UTC"))).toEqual({ name: "Enter a name." });
  });

  it("says at its field what the server would refuse", () => {
    expect(findProblems({ ...draft, expression: "61 * * * *" })).toEqual({
      expression: expect.stringMatching(/minute: 61/),
    });
    expect(findProblems({ ...draft, timeZone: "" })).toEqual({ timeZone: expect.any(String) });
    expect(findProblems({ ...draft, kind: "once" })).toEqual({ onceAt: expect.any(String) });
    const bounds = { startsAt: "2026-05-02T00:00", endsAt: "2026-05-01T00:00" };
    expect(findProblems({ ...draft, ...bounds })).toEqual({
      endsAt: "The end must come after the start.",
    });
  });

  it("means its times on the clocks of its time zone", () => {
    expect(inputOf({ ...draft, startsAt: "2026-07-01T00:00" })).toMatchObject({
      startsAt: "2026-06-30T22:00:00.000Z",
      endsAt: null,
    });
  });

  it("is the same again after it was stored", () => {
    const filled = {
      ...draft,
      startsAt: "2026-05-01T00:00",
      endsAt: "2026-06-01T00:00",
      priority: "HIGH" as const,
    };
    const stored = scheduleFieldsSchema.parse(inputOf(filled));
    const view: ScheduleView = JSON.parse(JSON.stringify({ onceAt: null, ...stored }));

    expect(draftOf(view)).toEqual(filled);
  });
});

describe("the preview", () => {
  it("shows the next fire times, also before there is a name", () => {
    const fires = nextFires({ ...draft, name: "", expression: "30 2 * * *" }, NOW, 2);

    expect(fires?.map((at) => at.toISOString())).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  it("shows none that follow the end, and nothing for what cannot be read", () => {
    expect(nextFires({ ...draft, endsAt: "2026-03-30T00:00" }, NOW, 5)).toHaveLength(1);
    expect(nextFires({ ...draft, expression: "x" }, NOW, 5)).toBeNull();
  });
});
