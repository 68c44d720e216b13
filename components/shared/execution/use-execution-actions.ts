"use client";

import { useToasted } from "@/components/shared/use-toasted";
import { useToast } from "@/components/ui/toast";
import {
  useCancelExecution,
  usePauseExecution,
  useResumeExecution,
  useRetryExecution,
} from "@/lib/client/executions";

type Named = { executionId: string; taskName: string };

/** What a person can ask of one execution; failures are said in words. */
export function useExecutionActions() {
  const toast = useToast();
  const { run, words } = useToasted();
  const cancel = useCancelExecution();
  const retry = useRetryExecution();
  const pause = usePauseExecution();
  const resume = useResumeExecution();

  return {
    retrying: retry.isPending,
    pausing: pause.isPending || resume.isPending,
    /** For a dialog: resolves to what failed, or null. */
    cancel: ({ executionId }: Named, { force }: { force: boolean }) =>
      words(() => cancel.mutateAsync({ executionId, force })),
    retry: async ({ executionId, taskName }: Named, { downstream }: { downstream: boolean }) => {
      const done = await run(`${taskName} was not retried`, () =>
        retry.mutateAsync({ executionId, downstream }),
      );
      if (done && done.count > 1) toast.success(`${done.count} executions are retried`);
    },
    pause: ({ executionId, taskName }: Named) =>
      run(`${taskName} was not paused`, () => pause.mutateAsync({ executionId })),
    resume: ({ executionId, taskName }: Named) =>
      run(`${taskName} was not resumed`, () => resume.mutateAsync({ executionId })),
  };
}
