export type Deadline = {
  /** Aborted when the time is over, or together with the signal the deadline was made from. */
  signal: AbortSignal;
  /** Must be called when the deadline is no longer needed. */
  clear: () => void;
};

/**
 * A signal that aborts after a time or with another signal. `AbortSignal.any` with `AbortSignal.timeout` would be shorter, but
 * Node 20 may collect the timeout as garbage while it is waited for, and then it never fires.
 */
export function openDeadline(milliseconds: number, signal: AbortSignal): Deadline {
  const controller = new AbortController();
  const giveUp = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`Not done within ${milliseconds} ms.`, "TimeoutError"));
  }, milliseconds);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  const clear = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  };
  return { signal: controller.signal, clear };
}
