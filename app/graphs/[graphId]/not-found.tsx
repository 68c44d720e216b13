import { EmptyState } from "@/components/shared/empty-state";
import { ButtonLink } from "@/components/ui/button-link";

export default function GraphNotFound() {
  return (
    <EmptyState
      page
      title="This graph does not exist"
      action={<ButtonLink href="/projects">Show all projects</ButtonLink>}
    >
      It was deleted, or the address is not complete.
    </EmptyState>
  );
}
