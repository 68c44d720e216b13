import { expect, it } from "vitest";
import { MemorySamples, measureMemory } from "./memory";

const MB = 1_000_000;

/** A life of so many minutes, a sample each second, with a memory as a function of the minute. */
function live(samples: MemorySamples, name: string, minutes: number, mbAt: (m: number) => number) {
  for (let second = 0; second <= minutes * 60; second++) {
    const bytes = mbAt(second / 60) * MB;
    samples.note(
      { workerId: name, name },
      { atMs: second * 1000, bytes, peakBytes: bytes + 5 * MB },
    );
  }
}

it("tells flat from growing, whatever a worker needs at its start", () => {
  const samples = new MemorySamples();
  live(samples, "flat", 60, (minute) => (minute < 10 ? 80 + 2 * minute : 100));
  live(samples, "growing", 30, (minute) => 100 + minute);

  const { lived } = measureMemory(samples);

  expect(lived.map(({ name }) => name)).toEqual(["flat", "growing"]);
  expect(lived[0]).toMatchObject({ minutes: 60, lastThird: 100, perHour: 0, peak: 105 });
  expect(lived[0]?.firstThird).toBeCloseTo(95, 0);
  expect(lived[1]).toMatchObject({ minutes: 30, perHour: 60, peak: 135 });
  expect(lived[1]?.lastThird).toBeCloseTo(125, 0);
});

it("only counts workers that did not live long enough to tell", () => {
  const samples = new MemorySamples();
  live(samples, "killed", 0.2, () => 90);
  live(samples, "killed too", 0.5, () => 110);
  live(samples, "seen once", 0, () => 70);

  expect(measureMemory(samples)).toEqual({
    lived: [],
    others: { count: 3, median: 95, largest: 115 },
  });
});

it("has figures of nothing at all", () => {
  const { others } = measureMemory(new MemorySamples());

  expect(others).toEqual({ count: 0, median: 0, largest: 0 });
});
