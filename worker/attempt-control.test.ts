import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AttemptControl } from "./attempt-control";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a timeout", () => {
  it("stops the attempt when its time is over, with grace", () => {
    const control = new AttemptControl();
    control.startTimeout(1000);
    vi.advanceTimersByTime(999);
    expect(control.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(control.reason).toBe("timeout");
    expect(control.killSignal.aborted).toBe(false);
  });

  it.each([2 ** 31, 2 ** 31 + 5000, 60 * 86_400_000])(
    "of %i ms does not fire at once but when it is due",
    (ms) => {
      const control = new AttemptControl();
      control.startTimeout(ms);
      vi.advanceTimersByTime(ms - 1);
      expect(control.signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(control.signal.aborted).toBe(true);
    },
  );

  it("does nothing once the attempt has ended", () => {
    const control = new AttemptControl();
    control.startTimeout(1000);
    control.dispose();
    vi.advanceTimersByTime(5000);
    expect(control.signal.aborted).toBe(false);
  });
});

describe("the reason of a stop", () => {
  it.each([
    ["drain", "timeout", "timeout"],
    ["timeout", "cancel", "cancel"],
    ["cancel", "timeout", "cancel"],
    ["cancel", "fence", "fence"],
    ["fence", "cancel", "fence"],
  ] as const)("after %s and %s is %s", (first, second, expected) => {
    const control = new AttemptControl();
    control.stop(first, { force: false });
    control.stop(second, { force: false });
    expect(control.reason).toBe(expected);
  });

  it("with force skips the grace, also later", () => {
    const control = new AttemptControl();
    control.stop("cancel", { force: false });
    expect(control.killSignal.aborted).toBe(false);
    control.stop("cancel", { force: true });
    expect(control.killSignal.aborted).toBe(true);
  });
});
