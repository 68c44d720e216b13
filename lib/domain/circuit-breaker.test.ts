import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Breaker,
  type BreakerPolicy,
  closeBreaker,
  countLetThrough,
  isBreakersLoss,
  isProven,
  judgeEngine,
  newBreaker,
  openBreaker,
  defaultBreakerPolicy as policy,
  recordFailure,
  recordProof,
  stateOfBreaker,
} from "./circuit-breaker";
import type { AttemptEnd } from "./ending";
import type { ErrorClass } from "./failure";

const s = (seconds: number) => seconds * 1000;

/** Failures at these seconds of attempts that were claimed right before. */
function failAt(breaker: Breaker, ...seconds: number[]): Breaker {
  return seconds.reduce(
    (after, at) => recordFailure(after, { now: s(at), claimedAt: s(at), policy }),
    breaker,
  );
}

const fresh = newBreaker(policy);
/** Open since second 0, half-open from second 30 on. */
const opened = openBreaker(fresh, { now: 0, policy });

describe("a closed breaker", () => {
  it.each([
    ["the fifth failure within 60 s", [0, 15, 30, 45, 60], "open"],
    ["four", [0, 1, 2, 3], "closed"],
    ["five in a little more than 60 s", [0, 15, 30, 45, 61], "closed"],
    ["one every 16 s, for ever", Array.from({ length: 50 }, (_, i) => i * 16), "closed"],
    ["five after many old ones", [0, 1, 2, 3, 100, 101, 102, 103, 104], "open"],
  ] as const)("after %s: %s → %s", (_, seconds, expected) => {
    const breaker = failAt(fresh, ...seconds);

    expect(stateOfBreaker(breaker, s(seconds.at(-1) ?? 0))).toBe(expected);
    expect(breaker.failures.length).toBeLessThan(policy.failures);
  });

  it("is not opened by what was claimed before it was closed", () => {
    const reset = closeBreaker(opened, s(100));
    const late = { now: s(101), claimedAt: s(99), policy };

    const after = Array.from({ length: 9 }).reduce<Breaker>((b) => recordFailure(b, late), reset);

    expect(after).toEqual(reset);
  });

  it("lets everything through", () => {
    expect(countLetThrough(fresh, [], 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("an open breaker", () => {
  it.each([
    [0, "open", 0],
    [29.999, "open", 0],
    [30, "half-open", 2],
    [1e6, "half-open", 2],
  ] as const)("is after %d s %s and lets %d through", (at, state, through) => {
    expect(stateOfBreaker(opened, s(at))).toBe(state);
    expect(countLetThrough(opened, [], s(at))).toBe(through);
  });

  it("does not stay open for longer because of what still fails meanwhile", () => {
    expect(failAt(opened, 1, 20, 29)).toEqual(opened);
  });

  it("starts its time anew, and without its former probes, when a person opens it again", () => {
    const again = openBreaker(opened, { now: s(40), policy });

    expect(stateOfBreaker(again, s(69))).toBe("open");
    expect(recordProof(again, { now: s(50), claimedAt: s(35) })).toEqual(again);
  });
});

describe("a half-open breaker", () => {
  const probe = { startedAt: null };

  it("lets as many through as probes are left", () => {
    expect(countLetThrough(opened, [probe], s(31))).toBe(1);
    expect(countLetThrough(opened, [probe, probe], s(31))).toBe(0);
    expect(countLetThrough(opened, [probe, probe, probe], s(31))).toBe(0);
  });

  it("is opened for another cooldown by a probe that fails, and stays the same outage", () => {
    const again = failAt(opened, 31);

    expect(again).toMatchObject({ openedAt: 0, halfOpenAt: s(61) });
  });

  it("is closed by a probe for which the engine did its part, also after another one failed", () => {
    const proof = { now: s(40), claimedAt: s(30) };

    expect(stateOfBreaker(recordProof(opened, proof), s(40))).toBe("closed");
    expect(stateOfBreaker(recordProof(failAt(opened, 31), proof), s(40))).toBe("closed");
  });

  it("takes no word of what was claimed before it opened", () => {
    const old = { now: s(40), claimedAt: -1 };

    expect(recordProof(opened, old)).toBe(opened);
    expect(recordFailure(opened, { ...old, policy })).toBe(opened);
  });

  it("does not wait for the end of a long probe: after a cooldown of running it stands in the way no more", () => {
    const running = { startedAt: s(32) };

    expect(isProven(opened, [probe, running], s(61.999))).toBe(false);
    expect(isProven(opened, [probe, running], s(62))).toBe(true);
    expect(countLetThrough(opened, [probe, running], s(62))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a loss", () => {
  it.each([
    ["while it is closed", fresh, null, false],
    ["that opens it, or while it is open", opened, null, true],
    ["again, while it has not closed since", { ...opened, closedAt: -100 }, -50, true],
    ["again, though it was closed since", { ...opened, closedAt: -50 }, -100, false],
  ] as const)("%s: the breaker's?", (_, breaker, lostBefore, expected) => {
    expect(isBreakersLoss(breaker, lostBefore)).toBe(expected);
  });
});

describe("the end of an attempt", () => {
  const failed = (errorClass: ErrorClass, isEngineFault?: boolean): AttemptEnd => ({
    kind: "failed",
    failure: { class: errorClass, message: "no", exitCode: null, signal: null },
    ...(isEngineFault && { isEngineFault }),
  });
  const result = { exitCode: 0, durationMs: 1, runner: "x", imageDigest: null, outputs: {} };

  it.each([
    ["an engine's loss", failed("infrastructure", true), "failed", "failed"],
    ["a failed hook or a dead worker", failed("infrastructure"), null, null],
    ["a success", { kind: "completed", result }, "works", "works"],
    ["an exit code", failed("exit"), "works", "works"],
    ["an image that is not there", failed("image"), "works", "works"],
    ["a command that is not there", failed("command_not_found"), "works", "works"],
    ["a timeout", failed("timeout"), null, "works"],
    ["params that cannot be used", failed("invalid"), null, "works"],
    ["a cancel", { kind: "cancelled" }, null, "works"],
    ["one that is given back", { kind: "released" }, null, "works"],
  ] as const)(
    "says of its engine, before its command started and after: %s",
    (_, end, early, late) => {
      expect(judgeEngine(end, { hasStarted: false })).toBe(early);
      expect(judgeEngine(end, { hasStarted: true })).toBe(late);
    },
  );
});

/** A breaker with those who use it: what may be claimed is claimed, and held until it ends. */
type Model = {
  breaker: Breaker;
  now: number;
  held: { claimedAt: number; startedAt: number | null }[];
};

const step = fc.oneof(
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 45_000 }) }),
  fc.record({ kind: fc.constant("claim" as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    kind: fc.constantFrom<"start" | "fail" | "succeed" | "die">("start", "fail", "succeed", "die"),
    which: fc.nat({ max: 9 }),
  }),
  fc.constant({ kind: "trip" } as const),
  fc.constant({ kind: "reset" } as const),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Ended = Extract<Step, { which: number }>;

const policies = fc.record({
  failures: fc.integer({ min: 1, max: 6 }),
  windowSeconds: fc.integer({ min: 1, max: 90 }),
  cooldownSeconds: fc.integer({ min: 1, max: 60 }),
  probes: fc.integer({ min: 1, max: 4 }),
});

function probesOf({ breaker, held }: Model) {
  const { openedAt } = breaker;
  return openedAt === null ? [] : held.filter(({ claimedAt }) => claimedAt > openedAt);
}

function act(model: Model, given: Step, policy: BreakerPolicy): Model {
  const { breaker, now, held } = model;
  if (given.kind === "wait") return { ...model, now: now + given.ms };
  if (given.kind === "trip") return { ...model, breaker: openBreaker(breaker, { now, policy }) };
  if (given.kind === "reset") return { ...model, breaker: closeBreaker(breaker, now) };
  if (given.kind === "claim") {
    const probes = probesOf(model);
    const through = countLetThrough(breaker, probes, now);
    const after = isProven(breaker, probes, now) ? closeBreaker(breaker, now) : breaker;
    const claimed = Array.from({ length: Math.min(given.count, through) }, () => ({
      claimedAt: now,
      startedAt: null,
    }));
    return { ...model, breaker: after, held: [...held, ...claimed] };
  }
  return end(model, given, policy);
}

function end(model: Model, given: Ended, policy: BreakerPolicy): Model {
  const { breaker, now, held } = model;
  const one = held[given.which];
  if (!one) return model;
  const rest = held.filter((each) => each !== one);
  const what = { now, claimedAt: one.claimedAt };
  switch (given.kind) {
    case "start":
      return { ...model, held: [...rest, { ...one, startedAt: now }] };
    case "die":
      return { ...model, held: rest };
    case "fail":
      return { ...model, held: rest, breaker: recordFailure(breaker, { ...what, policy }) };
    case "succeed":
      return { ...model, held: rest, breaker: recordProof(breaker, what) };
  }
}

/** What must hold after each step; `failures` are the times of all failures so far. */
function checkStep(
  {
    before,
    after,
    given,
    failures,
  }: { before: Model; after: Model; given: Step; failures: number[] },
  policy: BreakerPolicy,
): void {
  const { breaker, now } = after;
  expect(probesOf(after).length).toBeLessThanOrEqual(policy.probes);
  expect(stateOfBreaker(breaker, now + policy.cooldownSeconds * 1000)).not.toBe("open");
  expect(breaker.failures.length).toBeLessThan(policy.failures);

  const hasOpened = before.breaker.openedAt === null && breaker.openedAt !== null;
  const recent = failures.filter((at) => at >= now - policy.windowSeconds * 1000);
  if (hasOpened && given.kind !== "trip")
    expect(recent.length).toBeGreaterThanOrEqual(policy.failures);

  const ended = given.kind === "succeed" ? before.held[given.which] : undefined;
  if (ended && probesOf(before).includes(ended)) expect(breaker.openedAt).toBeNull();
}

it("whatever happens: never more probes than the limit, open for no longer than a cooldown, closed by a proof", () => {
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 120 }), (policy, steps) => {
      let model: Model = { breaker: newBreaker(policy), now: 0, held: [] };
      const failures: number[] = [];
      for (const given of steps) {
        const after = act(model, given, policy);
        if (given.kind === "fail" && model.held[given.which]) failures.push(after.now);
        checkStep({ before: model, after, given, failures }, policy);
        model = after;
      }
    }),
    { numRuns: 500 },
  );
});

it("whatever has happened: once the engine works again, it is closed within a cooldown and a probe", () => {
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 60 }), (policy, steps) => {
      const start: Model = { breaker: newBreaker(policy), now: 0, held: [] };
      let model = steps.reduce((before, given) => act(before, given, policy), start);

      for (const given of [
        { kind: "wait", ms: policy.cooldownSeconds * 1000 },
        ...model.held.map(() => ({ kind: "die", which: 0 }) as const),
        { kind: "claim", count: 1 },
        { kind: "succeed", which: 0 },
      ] as const)
        model = act(model, given, policy);

      expect(stateOfBreaker(model.breaker, model.now)).toBe("closed");
    }),
    { numRuns: 500 },
  );
});
