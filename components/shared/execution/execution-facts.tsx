import { Duration } from "@/components/shared/duration";
import { PriorityBadge } from "@/components/shared/priority-badge";
import { RelativeTime } from "@/components/shared/relative-time";
import { StatusIcon } from "@/components/shared/status-badge";
import { Code, CodeBlock } from "@/components/ui/code";
import { Detail, DetailList } from "@/components/ui/detail-list";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import type { ExecutionDetail } from "@/lib/domain/views";

type HrefOf = (executionId: string) => string;

/** Everything else that is known: times, policy, neighbours, what it was given and what it yielded. */
export function ExecutionFacts({
  execution,
  hrefOf,
}: {
  execution: ExecutionDetail;
  hrefOf: HrefOf;
}) {
  return (
    <div className="flex flex-col gap-5">
      <Facts execution={execution} />
      {execution.result && <ResultSection result={execution.result} />}
      <Neighbours title="Depends on" executions={execution.dependsOn} hrefOf={hrefOf} />
      <Neighbours title="Needed by" executions={execution.dependents} hrefOf={hrefOf} />
      <Section title="Params as run" description={execution.workflowType}>
        <CodeBlock label="params as run" wrap>
          {JSON.stringify(execution.workflowParams, null, 2)}
        </CodeBlock>
      </Section>
      {Object.keys(execution.metadata).length > 0 && (
        <Section title="Metadata">
          <CodeBlock label="metadata" wrap>
            {JSON.stringify(execution.metadata, null, 2)}
          </CodeBlock>
        </Section>
      )}
    </div>
  );
}

function Facts({ execution }: { execution: ExecutionDetail }) {
  const { retryPolicy: policy } = execution;
  return (
    <DetailList>
      <Detail label="Priority">
        <PriorityBadge priority={execution.priority} />
      </Detail>
      <Detail label="Created">
        <RelativeTime at={execution.createdAt} />
      </Detail>
      {execution.startedAt && (
        <Detail label="Started">
          <RelativeTime at={execution.startedAt} />
        </Detail>
      )}
      {execution.startedAt && (
        <Detail label="Took">
          <Duration from={execution.startedAt} to={execution.finishedAt} />
        </Detail>
      )}
      <Detail label="Attempt">
        {execution.attempt === 0 ? "none yet" : execution.attempt}, {execution.retriesUsed} of{" "}
        {policy.maxRetries} retries used
      </Detail>
      <Detail label="Retries">
        <Code>{policy.retryStrategy}</Code>, {policy.retryDelaySeconds} s
        {policy.retryJitter && ", with jitter"}
      </Detail>
      {execution.pool && (
        <Detail label="Pool">
          {execution.pool}
          {execution.poolKey && (
            <>
              , key <Code>{execution.poolKey}</Code>
            </>
          )}
        </Detail>
      )}
      <Detail label="Timeout">{execution.timeoutSeconds} s per attempt</Detail>
      {execution.workerName && <Detail label="Worker">{execution.workerName}</Detail>}
      <Detail label="Task key">
        <Code>{execution.taskKey}</Code>
      </Detail>
      <Detail label="Execution">
        <Code className="break-all">{execution.executionId}</Code>
      </Detail>
    </DetailList>
  );
}

function ResultSection({ result }: { result: NonNullable<ExecutionDetail["result"]> }) {
  return (
    <Section title="Result">
      <DetailList>
        <Detail label="Exit code">{result.exitCode}</Detail>
        <Detail label="Runner">{result.runner}</Detail>
        {result.imageDigest && (
          <Detail label="Image">
            <Code className="break-all">{result.imageDigest}</Code>
          </Detail>
        )}
      </DetailList>
      {Object.keys(result.outputs).length > 0 && (
        <CodeBlock label="outputs" wrap className="mt-2">
          {JSON.stringify(result.outputs, null, 2)}
        </CodeBlock>
      )}
    </Section>
  );
}

function Neighbours({
  title,
  executions,
  hrefOf,
}: {
  title: string;
  executions: ExecutionDetail["dependsOn"];
  hrefOf: HrefOf;
}) {
  if (executions.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="flex flex-col gap-1">
        {executions.map((each) => (
          <li key={each.executionId} className="flex min-w-0 items-center gap-1.5">
            <StatusIcon status={each.status} />
            <TextLink href={hrefOf(each.executionId)} className="truncate">
              {each.taskName}
            </TextLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}
