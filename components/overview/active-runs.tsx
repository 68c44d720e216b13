import { Duration } from "@/components/shared/duration";
import { RelativeTime } from "@/components/shared/relative-time";
import { RunProgress } from "@/components/shared/run/run-progress";
import { StatusIcon } from "@/components/shared/status-badge";
import { ButtonLink } from "@/components/ui/button-link";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import type { RunSummary } from "@/lib/domain/views";

/** Runs that are not final, with how far they are. */
export function ActiveRuns({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <Section
      title="Active runs"
      actions={
        <TextLink href="/runs" className="text-xs">
          all
        </TextLink>
      }
    >
      {runs.length === 0 ? (
        <div className="border-line flex flex-wrap items-center gap-3 border-t py-2">
          <p className="text-muted flex-1">No run is active.</p>
          <ButtonLink href="/projects" size="sm">
            Start one from a graph
          </ButtonLink>
        </div>
      ) : (
        <ul className="border-line border-t">
          {runs.map((run) => (
            <li
              key={run.runId}
              className="border-line hover:bg-hover relative grid grid-cols-[auto_minmax(0,1fr)_minmax(6rem,10rem)] items-center gap-x-2 border-b px-1 py-1.5"
            >
              <StatusIcon status={run.status} />
              <span className="flex min-w-0 items-baseline gap-2">
                <RowLink href={`/runs/${run.runId}`} title={run.name} className="truncate">
                  {run.name}
                </RowLink>
                <span className="text-faint shrink-0 text-xs tabular-nums">
                  {run.startedAt ? (
                    <Duration from={run.startedAt} to={run.finishedAt} />
                  ) : (
                    <RelativeTime at={run.createdAt} />
                  )}
                </span>
              </span>
              <RunProgress run={run} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
