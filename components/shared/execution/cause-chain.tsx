import { StatusIcon } from "@/components/shared/status-badge";
import { TextLink } from "@/components/ui/text-link";
import { describeReason } from "@/lib/domain/reason";
import type { ExecutionDetail } from "@/lib/domain/views";

/** From what ended this execution back to where it began. */
export function CauseChain({
  chain,
  hrefOf,
}: {
  chain: ExecutionDetail["causeChain"];
  hrefOf: (executionId: string) => string;
}) {
  return (
    <ol className="mt-1 flex flex-col gap-1">
      {chain.map((cause) => (
        <li key={cause.executionId} className="flex min-w-0 items-start gap-1.5">
          <StatusIcon status={cause.status} className="mt-0.5" />
          <span className="min-w-0 break-words">
            <TextLink href={hrefOf(cause.executionId)}>{cause.taskName}</TextLink>
            <span className="text-muted"> {wordsOf(cause)}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What failed in its own words; the engine's reason only where there are none. */
function wordsOf({ status, errorMessage, reason }: ExecutionDetail["causeChain"][number]): string {
  const why = errorMessage ?? (reason === null ? null : describeReason(reason));
  return why === null ? status : `${status}: ${why}`;
}
