import { CircleCheck, CircleDashed, type LucideIcon, ShieldAlert } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import type { BreakerState } from "@/lib/domain/circuit-breaker";

const LOOK = {
  closed: { tone: "success", icon: CircleCheck, title: "Work goes to the engine." },
  open: {
    tone: "danger",
    icon: ShieldAlert,
    title: "Nothing goes to the engine until the next probe.",
  },
  "half-open": {
    tone: "warning",
    icon: CircleDashed,
    title: "A few executions probe whether the engine works again.",
  },
} as const satisfies Record<BreakerState, { tone: Tone; icon: LucideIcon; title: string }>;

export function BreakerBadge({ state }: { state: BreakerState }) {
  const { tone, icon: Icon, title } = LOOK[state];
  return (
    <span title={title}>
      <Badge tone={tone} icon={<Icon aria-hidden />}>
        {state}
      </Badge>
    </span>
  );
}
