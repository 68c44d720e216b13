"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import { type ReactNode, useRef, useState } from "react";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import type { LogData } from "@/lib/client/log-lines";
import { logDownloadPath, logQuery } from "@/lib/client/logs";
import { LogLines } from "./log-lines-view";
import { stepFrom } from "./log-search";
import { LogToolbar } from "./log-toolbar";
import { useLogScroll } from "./use-log-scroll";
import { useLogView } from "./use-log-view";

export type LogViewerProps = {
  executionId: string;
  attempt: number;
  /** Before the search: which attempt. */
  children?: ReactNode;
};

/** The output of one attempt: all of it, and what comes while it runs. */
export function LogViewer(props: LogViewerProps) {
  const { data, error, refetch, isFetching } = useQuery(logQuery(props));
  if (data) return <LoadedLog {...props} log={data} />;
  if (error)
    return (
      <ErrorState title="The log could not be loaded" onRetry={refetch} retrying={isFetching}>
        {error.message}
      </ErrorState>
    );
  return (
    <div className="flex flex-col gap-2 p-3" aria-busy>
      {["w-3/5", "w-4/5", "w-2/5", "w-3/5", "w-1/2"].map((width, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity.
        <Skeleton key={i} className={`h-3 ${width}`} />
      ))}
    </div>
  );
}

function LoadedLog({ log, executionId, attempt, children }: LogViewerProps & { log: LogData }) {
  const [line, setLine] = useQueryState("line", parseAsInteger);
  const [wrap, setWrap] = useState(true);
  const [timestamps, setTimestamps] = useState(false);
  const [current, setCurrent] = useState<number | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const view = useLogView(log);
  const linked = line === null ? null : view.lines.findIndex(({ number }) => number === line);
  const scroll = useLogScroll(view.lines.length, { first: linked });

  function step(indexes: readonly number[], direction: 1 | -1): void {
    const next = stepFrom(
      indexes,
      current ?? (direction === 1 ? -1 : view.lines.length),
      direction,
    );
    if (next === null) return;
    setCurrent(next);
    scroll.show(next);
  }

  useHotkeys([
    { keys: "/", label: "Search in the log", group: "Log", run: () => search.current?.focus() },
    { keys: "n", label: "Next error", group: "Log", run: () => step(view.errors, 1) },
    { keys: "p", label: "Previous error", group: "Log", run: () => step(view.errors, -1) },
  ]);

  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col">
      <LogToolbar
        text={view.text}
        onTextChange={(text) => {
          view.setText(text);
          setCurrent(null);
        }}
        searchRef={search}
        matches={{ count: view.matches.length, at: view.matches.indexOf(current ?? -1) + 1 }}
        onStepMatch={(direction) => step(view.findMatches(), direction)}
        errorCount={view.errors.length}
        onStepError={() => step(view.errors, 1)}
        stream={view.stream}
        onStreamChange={view.setStream}
        wrap={wrap}
        onWrapChange={setWrap}
        timestamps={timestamps}
        onTimestampsChange={setTimestamps}
        downloadHref={logDownloadPath(executionId, attempt)}
      >
        {children}
      </LogToolbar>
      {view.lines.length === 0 ? (
        <EmptyState title={emptyTitle(log, view.stream)} />
      ) : (
        <LogLines
          label={`Log of attempt ${attempt}`}
          lines={view.lines}
          scroll={scroll}
          live={!log.end}
          wanted={view.wanted}
          wrap={wrap}
          timestamps={timestamps}
          linkedLine={line}
          currentIndex={current}
          onLink={(number) => void setLine(number === line ? null : number)}
        />
      )}
    </div>
  );
}

function emptyTitle(log: LogData, stream: string): string {
  if (log.lines.length > 0) return `Nothing was written to ${stream}`;
  return log.end ? "This attempt wrote nothing" : "Nothing was written yet";
}
