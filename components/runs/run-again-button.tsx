"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useToasted } from "@/components/shared/use-toasted";
import { Button } from "@/components/ui/button";
import { runStructureQuery, useRunGraph, useScheduleTask } from "@/lib/client/runs";
import type { RunSummary } from "@/lib/domain/views";

/** Starts the same graph or task once more, as it is drawn now, and goes to the new run. */
export function RunAgainButton({ run }: { run: RunSummary }) {
  const router = useRouter();
  const { run: attempt } = useToasted();
  const runGraph = useRunGraph();
  const scheduleTask = useScheduleTask();
  const { data: structure } = useQuery(runStructureQuery(run.runId));
  const taskId = run.source === "task" ? structure?.executions[0]?.taskId : undefined;
  const { graphId } = run;
  if (run.source === "batch") return null;

  async function start(): Promise<void> {
    const started = await attempt(`${run.name} was not started`, async () => {
      if (graphId !== null) return await runGraph.mutateAsync({ graphId });
      return taskId ? await scheduleTask.mutateAsync({ taskId }) : undefined;
    });
    if (started) router.push(`/runs/${started.runId}`);
  }

  return (
    <Button
      icon={<Play aria-hidden />}
      pending={runGraph.isPending || scheduleTask.isPending}
      disabledReason={
        graphId === null && !taskId ? "What it was started from is deleted." : undefined
      }
      onClick={() => void start()}
    >
      Run again
    </Button>
  );
}
