import { isStreaming } from "./connection";

const WITH_STREAM_MS = 15_000;
const WITHOUT_STREAM_MS = 2_000;

/** Milliseconds until something that can still change is asked for again; hints usually come long before. */
export function pollInterval(): number {
  return isStreaming() ? WITH_STREAM_MS : WITHOUT_STREAM_MS;
}

/** The banner must notice a lost database even while the stream stays open. */
export const SYSTEM_POLL_MS = 5_000;

/** Output of a running attempt; the same request goes on from the last line, so it is cheap. */
export const LOG_POLL_MS = 700;
