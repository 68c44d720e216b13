import { expect, it } from "vitest";
import { describeObstacle } from "./explain";

const NOW = Date.UTC(2030, 0, 1);
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const engine = { kind: "breaker", engine: "tcp://10.0.0.5:1234", probeLimit: 2 } as const;
const open = { ...engine, state: "open", probesInFlight: 0 } as const;

it.each([
  [
    { ...open, halfOpenAt: at(12) },
    "Waits for the engine tcp://10.0.0.5:1234: circuit breaker open, next probe in 12 s.",
  ],
  [
    { ...open, halfOpenAt: at(-1) },
    "Waits for the engine tcp://10.0.0.5:1234: circuit breaker open, next probe now.",
  ],
  [
    { ...engine, state: "half-open", probesInFlight: 2, halfOpenAt: at(-1) },
    "Waits for the engine tcp://10.0.0.5:1234: circuit breaker half-open, 2 of 2 probes under way.",
  ],
] as const)("names the engine, its breaker and what happens next (%#)", (obstacle, expected) => {
  expect(describeObstacle(obstacle, NOW)).toBe(expected);
});
