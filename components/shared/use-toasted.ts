"use client";

import { useToast } from "@/components/ui/toast";
import { ActionFailure } from "@/lib/client/call-action";

export type Toasted = {
  /** Runs it; a failure becomes a toast. Resolves to its value, or undefined after a failure. */
  run: <T>(title: string, work: () => Promise<T>) => Promise<T | undefined>;
  /** Runs it for a dialog, which shows the failure itself: the words, or null after a success. */
  words: (work: () => Promise<unknown>) => Promise<string | null>;
};

/** Runs what a person asked for and says in words what failed. */
export function useToasted(): Toasted {
  const toast = useToast();
  return {
    run: async (title, work) => {
      try {
        return await work();
      } catch (error) {
        toast.error(title, { description: wordsOf(error) });
        return undefined;
      }
    },
    words: async (work) => {
      try {
        await work();
        return null;
      } catch (error) {
        return wordsOf(error);
      }
    },
  };
}

function wordsOf(error: unknown): string {
  if (error instanceof ActionFailure) return error.message;
  return "Something went wrong in this page. Reload it and try again.";
}
