import { EmptyState } from "@/components/shared/empty-state";
import { ButtonLink } from "@/components/ui/button-link";
import { getConfig } from "@/lib/config";
import { explainMissingRun } from "@/lib/domain/retention";

export default function RunNotFound() {
  return (
    <EmptyState
      page
      title="This run does not exist"
      action={<ButtonLink href="/runs">Show all runs</ButtonLink>}
    >
      {explainMissingRun(getConfig().retentionDays)}
    </EmptyState>
  );
}
