"use client";

import { useEffect, useState } from "react";

/** The value once it has stayed the same for a moment: what is typed is searched for after the last key, not at each. */
export function useDebounced<T>(value: T, delayMs = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
