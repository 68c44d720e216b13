"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { v7 as newUuid } from "uuid";
import { useToast } from "@/components/ui/toast";
import { ActionFailure } from "@/lib/client/call-action";
import { useRunGraph } from "@/lib/client/runs";
import { useEditor, useProblems } from "./editor-context";
import { type RunScope, tasksToRun } from "./run-scope";
import { messageOf } from "./use-save";

/** Starting a run: saves before, asks when something is doubtful, then opens the run. */
export function useRun(save: () => Promise<boolean>) {
  const { draft: store, view, graphId } = useEditor();
  const problems = useProblems();
  const { mutateAsync } = useRunGraph();
  const router = useRouter();
  const toast = useToast();
  const [isStarting, setStarting] = useState(false);
  /** What a person has to confirm, because the drawing has warnings. */
  const [asking, setAsking] = useState<RunScope | null>(null);
  const isBusy = useRef(false);
  /** Kept when nobody knows whether a start arrived, so that trying again makes no second run. */
  const unsure = useRef<{ what: string; idempotencyKey: string } | null>(null);

  async function run(scope: RunScope): Promise<void> {
    if (store.getState().draft.nodes.length === 0) {
      toast.info("The graph is empty", { description: "Add a task first." });
      return;
    }
    if (problems.some(({ severity }) => severity === "warning")) setAsking(scope);
    else await start(scope);
  }

  /** The second press of a double click finds the first one at work. */
  async function start(scope: RunScope): Promise<string | null> {
    if (isBusy.current) return null;
    isBusy.current = true;
    setStarting(true);
    try {
      if (await save()) await startSaved(scope);
      return null;
    } catch (failure) {
      toast.error("Not started", { description: messageOf(failure) });
      return messageOf(failure);
    } finally {
      isBusy.current = false;
      setStarting(false);
    }
  }

  async function startSaved(scope: RunScope): Promise<void> {
    const { draft, versions } = store.getState();
    const { selectedTasks } = view.getState();
    const taskIds = tasksToRun(draft, { scope, selected: selectedTasks });
    const input = { graphId, version: versions.version, ...(taskIds && { taskIds }) };
    const what = JSON.stringify(input);
    const idempotencyKey =
      unsure.current?.what === what ? unsure.current.idempotencyKey : newUuid();
    unsure.current = { what, idempotencyKey };
    try {
      const { runId } = await mutateAsync({ ...input, idempotencyKey });
      unsure.current = null;
      router.push(`/runs/${runId}`);
    } catch (failure) {
      if (failure instanceof ActionFailure && failure.code !== "offline") unsure.current = null;
      throw failure;
    }
  }

  return { run, start, isStarting, asking, stopAsking: () => setAsking(null) };
}
