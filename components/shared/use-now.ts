"use client";

import { useEffect, useState } from "react";

const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, anew each second while `ticking`. All who ask share one timer, so what they show changes together. */
export function useNow({ ticking = true }: { ticking?: boolean } = {}): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => (ticking ? listen(setNow) : undefined), [ticking]);
  return now;
}

function listen(listener: (now: number) => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  const now = Date.now();
  for (const listener of listeners) listener(now);
}
