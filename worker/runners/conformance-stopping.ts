import { expect, it, vi } from "vitest";
import type { Begin } from "./conformance";
import type { RunnerFacts } from "./conformance-harness";
import { countProcesses, escapees, noSurvivors, shell } from "./conformance-harness";

const stopped = { kind: "stopped" };
const LOOP = "while :; do sleep 0.05; done";

/** How an attempt is ended from outside, and that nothing of it stays behind. */
export function describeStopping(facts: RunnerFacts, begin: Begin): void {
  it("runs nothing when it was stopped before the start", async () => {
    const attempt = begin({ steps: [shell("echo ran")], signal: AbortSignal.abort() });

    expect(await attempt.outcome).toEqual(stopped);
    expect([attempt.started(), attempt.text("stdout")]).toEqual([0, ""]);
  });

  it("stops while it is still starting", async () => {
    const attempt = begin({ steps: [{ command: ["sleep", "1000"] }] });
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual(stopped);
  });

  it("stops a plain command at once, not after the grace", async () => {
    const attempt = begin({ steps: [shell("echo ready; exec sleep 1000")], graceMs: 60_000 });
    await attempt.printed("ready");
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual(stopped);
  }, 15_000);

  it.runIf(facts.graceful)(
    "asks before it kills, and hears what the command says to it",
    async () => {
      const script = `trap 'echo bye; exit 3' TERM; echo ready; ${LOOP}`;
      const attempt = begin({ steps: [shell(script)], graceMs: 60_000 });
      await attempt.printed("ready");
      attempt.stop.abort();

      expect(await attempt.outcome).toEqual(stopped);
      expect(attempt.text("stdout")).toBe("ready\nbye\n");
    },
    15_000,
  );

  it("kills a command that ignores SIGTERM once the grace is over", async () => {
    const attempt = begin({
      steps: [shell(`trap '' TERM; echo ready; ${LOOP}`)],
      graceMs: 500,
    });
    await attempt.printed("ready");
    attempt.stop.abort();
    const asked = performance.now();

    expect(await attempt.outcome).toEqual(stopped);
    const took = performance.now() - asked;
    if (facts.graceful) expect(took).toBeGreaterThan(450);
    expect(took).toBeLessThan(5_000);
  });

  it("skips the grace when told to kill", async () => {
    const attempt = begin({ steps: [shell(`trap '' TERM; echo ready; ${LOOP}`)], graceMs: 60_000 });
    await attempt.printed("ready");
    attempt.stop.abort();
    attempt.kill.abort();

    expect(await attempt.outcome).toEqual(stopped);
  }, 15_000);

  it("starts no further step once it was stopped", async () => {
    const attempt = begin({
      steps: [shell("trap 'exit 0' TERM; echo ready; sleep 1000 & wait"), shell("echo second")],
    });
    await attempt.printed("ready");
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual(stopped);
    expect(attempt.text("stdout")).toBe("ready\n");
  });

  it("leaves nothing alive after a cancel", async () => {
    const { mark, script } = escapees();
    const attempt = begin({ steps: [shell(`${script}; echo ready; ${LOOP}`)], graceMs: 200 });
    await attempt.printed("ready");
    await vi.waitFor(() => expect(countProcesses(mark)).toBeGreaterThanOrEqual(4));
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual(stopped);
    await noSurvivors(mark);
  });

  it("leaves nothing alive after a timeout", async () => {
    const { mark, script } = escapees();
    const attempt = begin({ steps: [shell(`${script}; echo ready; ${LOOP}`)], graceMs: 0 });
    await attempt.printed("ready");
    attempt.stop.abort(new DOMException("The time is over.", "TimeoutError"));

    expect(await attempt.outcome).toEqual(stopped);
    expect(attempt.text("stdout")).toBe("ready\n");
    await noSurvivors(mark);
  });

  it("leaves nothing alive after a normal end, and does not wait for what holds its output", async () => {
    const { mark, script } = escapees();
    const attempt = begin({ steps: [shell(`${script}; echo ready`)] });

    expect(await attempt.outcome).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(attempt.text("stdout")).toBe("ready\n");
    await noSurvivors(mark);
  });
}
