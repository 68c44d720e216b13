"use client";

import { Duration } from "@/components/shared/duration";
import { useServerNow } from "@/components/shared/execution/use-server-now";
import { WhyCell } from "@/components/shared/execution/why-cell";
import { RelativeTime } from "@/components/shared/relative-time";
import { StatusIcon } from "@/components/shared/status-badge";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { type Explanation, summariseExplanation } from "@/lib/domain/explain";
import type { ExecutionSummary } from "@/lib/domain/views";

/** The lists behind the links have the rest; here both what failed and what waits must be in view. */
const SHOWN = 6;

type Item = ExecutionSummary & { explanation?: Explanation };

/** A few executions with one line each on why they stand there, and a link to all of their kind. */
export function ExecutionSection({
  title,
  href,
  executions,
  empty,
}: {
  title: string;
  href: string;
  executions: readonly Item[];
  empty: string;
}) {
  return (
    <Section
      title={title}
      actions={
        executions.length > 0 && (
          <TextLink href={href} className="text-xs">
            all
          </TextLink>
        )
      }
    >
      {executions.length === 0 ? (
        <p className="text-muted border-line border-t py-2">{empty}</p>
      ) : (
        <ul className="border-line border-t">
          {executions.slice(0, SHOWN).map((execution) => (
            <ExecutionItem key={execution.executionId} execution={execution} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function ExecutionItem({ execution }: { execution: Item }) {
  return (
    <li className="border-line hover:bg-hover relative flex min-w-0 items-start gap-2 border-b px-1 py-1.5">
      <StatusIcon status={execution.status} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-baseline gap-2">
          <RowLink
            href={`/executions/${execution.executionId}`}
            title={execution.taskName}
            className="max-w-[75%] shrink-0 truncate"
          >
            {execution.taskName}
          </RowLink>
          <span title={execution.runName} className="text-faint min-w-0 truncate text-xs">
            {execution.runName}
          </span>
        </p>
        <div className="min-w-0 text-xs">
          <Why execution={execution} />
        </div>
      </div>
      <span className="text-muted shrink-0 text-xs tabular-nums">
        <When execution={execution} />
      </span>
    </li>
  );
}

/** What the claim itself says is better than what the state lets one guess. */
function Why({ execution }: { execution: Item }) {
  const now = useServerNow({ ticking: execution.explanation !== undefined });
  const sentence = execution.explanation && summariseExplanation(execution.explanation, now);
  if (!sentence) return <WhyCell execution={execution} />;
  return (
    <span className="text-muted block truncate" title={sentence} suppressHydrationWarning>
      {sentence}
    </span>
  );
}

function When({ execution }: { execution: Item }) {
  if (execution.finishedAt !== null) return <RelativeTime at={execution.finishedAt} />;
  const held = execution.status === "RUNNING" || execution.status === "PREPARING";
  if (held && execution.startedAt !== null)
    return <Duration from={execution.startedAt} to={null} />;
  return <RelativeTime at={execution.createdAt} />;
}
