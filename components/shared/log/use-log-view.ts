"use client";

import { useDeferredValue, useMemo, useState } from "react";
import type { LogData } from "@/lib/client/log-lines";
import { filterLines, findErrors, findText, type StreamFilter } from "./log-search";

/** What of a log is shown, and where what is looked for stands in it. */
export function useLogView(log: LogData | undefined) {
  const [text, setText] = useState("");
  const [stream, setStream] = useState<StreamFilter>("all");
  const wanted = useDeferredValue(text);
  const lines = useMemo(
    () => filterLines(log ? [...log.lines, ...log.preview] : [], stream),
    [log, stream],
  );
  const matches = useMemo(() => findText(lines, wanted), [lines, wanted]);
  const errors = useMemo(() => findErrors(lines), [lines]);
  /** For those who press Enter before the search has caught up with what they typed. */
  const findMatches = () => (wanted === text ? matches : findText(lines, text));
  return { text, setText, stream, setStream, wanted, lines, matches, findMatches, errors };
}
