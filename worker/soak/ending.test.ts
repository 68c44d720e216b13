import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Ending } from "./ending";

const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;
const others = new Set(SIGNALS.flatMap((signal) => process.listeners(signal)));

let ending: Ending;
const insisted = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  insisted.mockClear();
  ending = new Ending();
  ending.listen(insisted);
});
afterEach(() => {
  vi.useRealTimers();
  for (const signal of SIGNALS)
    for (const listener of process.listeners(signal))
      if (!others.has(listener)) process.off(signal, listener);
});

it.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("ends at %s", (signal, exitCode) => {
  expect(ending.signal.aborted).toBe(false);

  process.emit(signal);

  expect(ending).toMatchObject({ reason: signal, exitCode });
  expect(ending.signal.aborted).toBe(true);
});

it("takes Ctrl+C, which npm passes on once more, for one, and a later one for impatience", () => {
  process.emit("SIGINT");
  vi.advanceTimersByTime(500);
  process.emit("SIGINT");

  expect(insisted).not.toHaveBeenCalled();

  vi.advanceTimersByTime(5000);
  process.emit("SIGINT");

  expect(insisted).toHaveBeenCalledExactlyOnceWith(130);
  expect(ending.reason).toBe("SIGINT");
});

it("waits no longer than until it is told", async () => {
  const waiting = ending.sleep(1_000_000);

  process.emit("SIGTERM");

  await expect(waiting).resolves.toBeUndefined();
});
