import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { openDeadline } from "./deadline";

const never = () => new AbortController().signal;

describe("a deadline", () => {
  it("passes even when garbage is collected meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const passed = new Promise((resolve) => {
      openDeadline(200, never()).signal.addEventListener("abort", () => resolve("passed"));
    });
    for (let i = 0; i < 5; i += 1) {
      await new Promise(setImmediate);
      collectGarbage();
    }

    expect(await Promise.race([passed, delay(5_000, "missed")])).toBe("passed");
  });

  it("says that it was the time", async () => {
    const { signal } = openDeadline(1, never());
    await new Promise((resolve) => signal.addEventListener("abort", resolve));

    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("aborts together with the signal it was made from, for the same reason", () => {
    const controller = new AbortController();
    const { signal, clear } = openDeadline(60_000, controller.signal);
    controller.abort("enough");
    clear();

    expect(signal.reason).toBe("enough");
    expect(openDeadline(1, controller.signal).signal.aborted).toBe(true);
  });

  it("never passes once it is cleared", () => {
    vi.useFakeTimers();
    const { signal, clear } = openDeadline(20, never());
    clear();
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();

    expect(signal.aborted).toBe(false);
  });
});
