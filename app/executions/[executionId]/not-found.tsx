import { EmptyState } from "@/components/shared/empty-state";
import { ButtonLink } from "@/components/ui/button-link";
import { getConfig } from "@/lib/config";
import { explainMissingRun } from "@/lib/domain/retention";

export default function ExecutionNotFound() {
  return (
    <EmptyState
      page
      title="This execution does not exist"
      action={<ButtonLink href="/executions">Show all executions</ButtonLink>}
    >
      {explainMissingRun(getConfig().retentionDays)}
    </EmptyState>
  );
}
