"use client";

import { useQuery } from "@tanstack/react-query";
import { RelativeTime } from "@/components/shared/relative-time";
import { SlotBar } from "@/components/shared/worker/slot-bar";
import { WorkerStateBadge } from "@/components/shared/worker/worker-state-badge";
import { Code } from "@/components/ui/code";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";
import { TruncatedText } from "@/components/ui/truncated-text";
import { workersQuery } from "@/lib/client/workers";
import type { WorkerView } from "@/lib/domain/views";

/** The workers that matter now, with their slots. */
export function WorkerSection() {
  const { data } = useQuery(workersQuery());
  const workers = data?.filter(({ state }) => state !== "stopped");
  return (
    <Section
      title="Workers"
      actions={
        <TextLink href="/workers" className="text-xs">
          all
        </TextLink>
      }
    >
      {!workers && <Skeleton className="h-9 w-full" />}
      {workers?.length === 0 && (
        <p className="text-muted border-line border-t py-2">
          None is alive. Start one with <Code>npm run worker</Code>
        </p>
      )}
      {workers && workers.length > 0 && (
        <ul className="border-line border-t">
          {workers.map((worker) => (
            <WorkerItem key={worker.workerId} worker={worker} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function WorkerItem({ worker }: { worker: WorkerView }) {
  return (
    <li className="border-line grid grid-cols-[auto_minmax(0,1fr)_minmax(6rem,10rem)] items-center gap-x-2 border-b px-1 py-1.5">
      <WorkerStateBadge state={worker.state} />
      <span className="flex min-w-0 items-baseline gap-2">
        <TruncatedText>{worker.name}</TruncatedText>
        <span className="text-faint shrink-0 text-xs">
          {worker.runner}
          {worker.state === "missing" && (
            <>
              , seen <RelativeTime at={worker.heartbeatAt} />
            </>
          )}
        </span>
      </span>
      <SlotBar worker={worker} />
    </li>
  );
}
