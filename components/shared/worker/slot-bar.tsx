import { StackedBar } from "@/components/ui/stacked-bar";
import type { WorkerView } from "@/lib/domain/views";

/** Slots taken of a worker's slots; only what it holds now counts, neither what waits nor what retries. */
export function SlotBar({
  worker,
}: {
  worker: Pick<WorkerView, "held" | "maxConcurrentExecutions" | "name">;
}) {
  const running = worker.held.filter(({ status }) => status === "RUNNING").length;
  const preparing = worker.held.length - running;
  return (
    <span className="flex h-5 items-center gap-2">
      <span className="min-w-16 flex-1">
        <StackedBar
          label={`Slots of ${worker.name}`}
          total={worker.maxConcurrentExecutions}
          segments={[
            { label: "RUNNING", value: running, color: "var(--running)" },
            { label: "PREPARING", value: preparing, color: "var(--preparing)" },
          ]}
        />
      </span>
      <span className="text-muted shrink-0 text-xs tabular-nums">
        {worker.held.length}/{worker.maxConcurrentExecutions}
      </span>
    </span>
  );
}
