"use client";

import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { RelativeTime } from "@/components/shared/relative-time";
import { Section } from "@/components/ui/section";
import { TruncatedText } from "@/components/ui/truncated-text";
import { systemQuery } from "@/lib/client/system";
import type { BreakerView } from "@/lib/domain/views";
import { BreakerActions } from "./breaker-actions";
import { BreakerBadge } from "./breaker-badge";
import { BreakerWords } from "./breaker-words";

/** The engines that workers talk to, each with its circuit breaker; nothing while there is none. */
export function BreakerSection({ className }: { className?: string }) {
  const { data: system } = useQuery(systemQuery());
  if (!system || system.breakers.length === 0) return null;
  return (
    <Section title="Engines" {...(className && { className })}>
      <ul className="border-line border-t">
        {system.breakers.map((breaker) => (
          <BreakerItem key={breaker.engine} breaker={breaker} />
        ))}
      </ul>
    </Section>
  );
}

function BreakerItem({ breaker }: { breaker: BreakerView }) {
  const { engine, state, workers, lastError, lastErrorAt } = breaker;
  const isClosed = state === "closed";
  return (
    <li className="border-line grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2 border-b px-1 py-1.5">
      <BreakerBadge state={state} />
      <div className="min-w-0">
        <p className="flex min-w-0 items-baseline gap-2">
          <TruncatedText>{engine}</TruncatedText>
          <span className="text-faint shrink-0 text-xs">
            {workers === 1 ? "1 worker" : `${workers} workers`}
          </span>
        </p>
        {(!isClosed || lastError !== null) && (
          <p className="text-muted text-xs">
            <BreakerWords breaker={breaker} />
          </p>
        )}
        {lastError !== null && lastErrorAt !== null && (
          <p
            title={lastError}
            className={clsx(
              "line-clamp-2 text-xs break-words",
              isClosed ? "text-muted" : "text-danger-fg",
            )}
          >
            Failed <RelativeTime at={lastErrorAt} />: {lastError}
          </p>
        )}
      </div>
      <BreakerActions breaker={breaker} />
    </li>
  );
}
