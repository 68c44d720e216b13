import { CircleCheck, CircleOff, CircleX, Hourglass, type LucideIcon } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import type { WorkerView } from "@/lib/domain/views";

const LOOK = {
  alive: { tone: "success", icon: CircleCheck, title: "It claims and runs." },
  draining: {
    tone: "warning",
    icon: Hourglass,
    title: "It is stopping: it claims no more and ends what it holds.",
  },
  missing: {
    tone: "danger",
    icon: CircleX,
    title: "Its heartbeat is overdue. What it holds is given to others when its lease expires.",
  },
  stopped: { tone: "neutral", icon: CircleOff, title: "It was stopped." },
} as const satisfies Record<WorkerView["state"], { tone: Tone; icon: LucideIcon; title: string }>;

export function WorkerStateBadge({ state }: { state: WorkerView["state"] }) {
  const { tone, icon: Icon, title } = LOOK[state];
  return (
    <span title={title}>
      <Badge tone={tone} icon={<Icon aria-hidden />}>
        {state}
      </Badge>
    </span>
  );
}
