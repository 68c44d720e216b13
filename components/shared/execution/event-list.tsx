import { RelativeTime } from "@/components/shared/relative-time";
import { StatusBadge } from "@/components/shared/status-badge";
import { TextLink } from "@/components/ui/text-link";
import { describeReason } from "@/lib/domain/reason";
import type { EventView } from "@/lib/domain/views";

/** Every change of status, newest first: when, by whom and why. */
export function EventList({
  events,
  hrefOf,
}: {
  events: readonly EventView[];
  hrefOf: (executionId: string) => string;
}) {
  return (
    <ol className="flex flex-col">
      {events.toReversed().map((event) => (
        <li
          key={event.eventId}
          className="border-line grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 border-b py-2 first:pt-0 last:border-b-0"
        >
          <StatusBadge status={event.toStatus} className="justify-self-start" />
          <div className="min-w-0">
            <p className="break-words">
              {event.reason !== null && <>{describeReason(event.reason)} </>}
              {event.causeExecutionId !== null && (
                <TextLink href={hrefOf(event.causeExecutionId)}>
                  {event.causeTaskName ?? "its cause"}
                </TextLink>
              )}
              {event.reason === null && event.causeExecutionId === null && ordinary(event)}
            </p>
            <p className="text-muted flex flex-wrap gap-x-3 text-xs">
              <RelativeTime at={event.at} />
              <span className="break-all">
                {event.actor.type} {event.actorName}
              </span>
              {event.attempt > 0 && <span>attempt {event.attempt}</span>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** What the ordinary course of things was, where no reason is stored. */
function ordinary({ fromStatus, toStatus }: EventView): string {
  if (fromStatus === null)
    return toStatus === "PENDING"
      ? "Created; waits for its dependencies."
      : "Created, nothing to wait for.";
  return ORDINARY[toStatus] ?? "";
}

const ORDINARY: Partial<Record<EventView["toStatus"], string>> = {
  SCHEDULED: "Its last dependency completed.",
  PREPARING: "A worker took it.",
  RUNNING: "Its command started.",
  COMPLETED: "Its command succeeded.",
  FAILED: "The attempt failed.",
  TIMEOUT: "The attempt took too long.",
  RETRYING: "The attempt failed; another one follows.",
};
