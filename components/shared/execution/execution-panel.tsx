"use client";

import { parseAsInteger, parseAsStringLiteral, useQueryState, useQueryStates } from "nuqs";
import { EmptyState } from "@/components/shared/empty-state";
import { LogViewer } from "@/components/shared/log/log-viewer";
import { Select } from "@/components/ui/select";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import type { ExecutionDetail } from "@/lib/domain/views";
import { AttemptList } from "./attempt-list";
import { EventList } from "./event-list";
import { ExecutionFacts } from "./execution-facts";
import { StatusReason } from "./status-reason";

const panels = ["log", "attempts", "details", "history"] as const;

/** Why it stands where it stands, and below it log, attempts, details and history; which of them is in the address. */
export function ExecutionPanel({
  execution,
  hrefOf,
}: {
  execution: ExecutionDetail;
  hrefOf: (executionId: string) => string;
}) {
  const [panel, setPanel] = useQueryState("panel", parseAsStringLiteral(panels).withDefault("log"));
  const [, setPlace] = useQueryStates({ attempt: parseAsInteger, line: parseAsInteger });

  function showLog(attempt: number): void {
    void setPlace({ attempt, line: null });
    void setPanel("log");
  }

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="max-h-[45%] shrink-0 overflow-y-auto px-4 pt-3 pb-2 empty:hidden">
        <StatusReason execution={execution} hrefOf={hrefOf} />
      </div>
      <Tabs value={panel} onValueChange={(next) => void setPanel(next)} className="flex-1">
        <TabList label="What is known about it">
          <Tab value="log">Log</Tab>
          <Tab value="attempts" count={execution.attempts.length}>
            Attempts
          </Tab>
          <Tab value="details">Details</Tab>
          <Tab value="history">History</Tab>
        </TabList>
        <TabPanel value="log" className="overflow-hidden">
          <LogPanel execution={execution} />
        </TabPanel>
        <TabPanel value="attempts" className="overflow-y-auto p-4">
          <AttemptList attempts={execution.attempts} onShowLog={showLog} />
        </TabPanel>
        <TabPanel value="details" className="overflow-y-auto p-4">
          <ExecutionFacts execution={execution} hrefOf={hrefOf} />
        </TabPanel>
        <TabPanel value="history" className="overflow-y-auto p-4">
          <EventList events={execution.events} hrefOf={hrefOf} />
        </TabPanel>
      </Tabs>
    </div>
  );
}

function LogPanel({ execution }: { execution: ExecutionDetail }) {
  const [place, setPlace] = useQueryStates({ attempt: parseAsInteger, line: parseAsInteger });
  const numbers = execution.attempts.map(({ attempt }) => attempt);
  const newest = Math.max(0, ...numbers);
  if (newest === 0)
    return <EmptyState title="There is no log yet">It begins with the first attempt.</EmptyState>;
  const attempt =
    place.attempt !== null && numbers.includes(place.attempt) ? place.attempt : newest;
  return (
    <LogViewer key={attempt} executionId={execution.executionId} attempt={attempt}>
      {numbers.length > 1 && (
        <Select
          size="sm"
          label="Attempt"
          className="w-32!"
          value={String(attempt)}
          items={numbers
            .toReversed()
            .map((each) => ({ value: String(each), label: `Attempt ${each}` }))}
          onValueChange={(value) =>
            void setPlace({ attempt: Number(value) === newest ? null : Number(value), line: null })
          }
        />
      )}
    </LogViewer>
  );
}
