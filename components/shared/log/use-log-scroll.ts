"use client";

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

const LINE_HEIGHT = 20;
/** Within this many pixels of the end counts as the end. */
const NEAR_END = 24;

export type LogScroll = {
  container: RefObject<HTMLDivElement | null>;
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  /** New lines keep the end in view. */
  following: boolean;
  follow: () => void;
  show: (index: number) => void;
  onScroll: () => void;
};

/**
 * Scrolling of a long list that grows at its end: it follows the end until a person scrolls up, and again once the end is
 * reached. `first` is the index to show at first instead of the end.
 */
export function useLogScroll(count: number, { first }: { first: number | null }): LogScroll {
  const container = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [following, setFollowing] = useState(first === null);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => container.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 24,
  });

  useLayoutEffect(() => {
    if (following && count > 0) virtualizer.scrollToIndex(count - 1, { align: "end" });
  }, [following, count, virtualizer]);

  const shownFirst = useRef(false);
  useEffect(() => {
    if (first === null || first < 0 || shownFirst.current) return;
    shownFirst.current = true;
    virtualizer.scrollToIndex(first, { align: "center" });
  }, [first, virtualizer]);

  function onScroll(): void {
    const element = container.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const up = scrollTop < lastTop.current;
    lastTop.current = scrollTop;
    if (scrollTop + clientHeight >= scrollHeight - NEAR_END) setFollowing(true);
    else if (up) setFollowing(false);
  }

  return {
    container,
    virtualizer,
    following,
    follow: () => setFollowing(true),
    show: (index) => {
      setFollowing(false);
      virtualizer.scrollToIndex(index, { align: "center" });
    },
    onScroll,
  };
}
