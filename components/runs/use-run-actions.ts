"use client";

import { useToasted } from "@/components/shared/use-toasted";
import { useToast } from "@/components/ui/toast";
import { useCancelRun, usePauseRun, useResumeRun, useRetryRun } from "@/lib/client/runs";

type Named = { runId: string; name: string };

/** What a person can ask of a whole run; failures are said in words. */
export function useRunActions() {
  const toast = useToast();
  const { run: attempt, words } = useToasted();
  const cancel = useCancelRun();
  const pause = usePauseRun();
  const resume = useResumeRun();
  const retry = useRetryRun();

  return {
    retrying: retry.isPending,
    pausing: pause.isPending || resume.isPending,
    /** For a dialog: resolves to what failed, or null. */
    cancel: ({ runId }: Named, { force }: { force: boolean }) =>
      words(() => cancel.mutateAsync({ runId, force })),
    pause: ({ runId, name }: Named) =>
      attempt(`${name} was not paused`, () => pause.mutateAsync({ runId })),
    resume: ({ runId, name }: Named) =>
      attempt(`${name} was not resumed`, () => resume.mutateAsync({ runId })),
    retry: async ({ runId, name }: Named) => {
      const done = await attempt(`${name} was not retried`, () => retry.mutateAsync({ runId }));
      if (done)
        toast.success(
          done.count === 1 ? "1 execution is retried" : `${done.count} executions are retried`,
        );
    },
  };
}
