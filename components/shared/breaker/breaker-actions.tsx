"use client";

import { useToasted } from "@/components/shared/use-toasted";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { useResetBreaker, useTripBreaker } from "@/lib/client/breakers";
import type { BreakerView } from "@/lib/domain/views";

/** Opens a breaker that is closed, closes one that is not; each is asked about before. */
export function BreakerActions({ breaker }: { breaker: BreakerView }) {
  return breaker.state === "closed" ? (
    <Trip engine={breaker.engine} />
  ) : (
    <Reset engine={breaker.engine} />
  );
}

function Trip({ engine }: { engine: string }) {
  const { words } = useToasted();
  const trip = useTripBreaker();
  return (
    <ConfirmDialog
      title={`Trip the breaker of ${engine}?`}
      confirmLabel="Trip breaker"
      danger
      trigger={
        <Button size="sm" aria-label={`Trip the breaker of ${engine}`}>
          Trip
        </Button>
      }
      onConfirm={() => words(() => trip.mutateAsync({ engine }))}
    >
      Nothing new goes to this engine for a while; executions wait, and use up no retry. What runs
      goes on. Then probes are tried, and the breaker closes by itself when one succeeds.
    </ConfirmDialog>
  );
}

function Reset({ engine }: { engine: string }) {
  const { words } = useToasted();
  const reset = useResetBreaker();
  return (
    <ConfirmDialog
      title={`Reset the breaker of ${engine}?`}
      confirmLabel="Reset breaker"
      trigger={
        <Button size="sm" aria-label={`Reset the breaker of ${engine}`}>
          Reset
        </Button>
      }
      onConfirm={() => words(() => reset.mutateAsync({ engine }))}
    >
      Executions go to this engine at once. If it still fails, the breaker opens again, and the
      attempts lost until then count.
    </ConfirmDialog>
  );
}
