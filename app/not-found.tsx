import { Compass } from "lucide-react";
import { EmptyState } from "@/components/shared/empty-state";
import { ButtonLink } from "@/components/ui/button-link";

export default function NotFound() {
  return (
    <EmptyState
      page
      icon={<Compass />}
      title="There is nothing here"
      action={<ButtonLink href="/">Go to the overview</ButtonLink>}
    >
      The address is wrong, or what it named was deleted.
    </EmptyState>
  );
}
