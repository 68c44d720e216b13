"use client";

import { hashKey, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useState, useSyncExternalStore } from "react";
import { runKey } from "@/lib/client/query-keys";
import type { ExecutionState, RunState } from "@/lib/domain/views";

/** The executions of a run, each readable for itself: a thousand nodes share one subscription. */
export type RunStates = {
  subscribe: (listener: () => void) => () => void;
  get: (executionId: string) => ExecutionState | undefined;
  isPaused: () => boolean;
};

/** Reads what the query cache holds; nothing is copied. */
export function createRunStates(client: QueryClient, runId: string): RunStates {
  const key = runKey(runId);
  const hash = hashKey(key);
  const listeners = new Set<() => void>();
  let stop: (() => void) | undefined;

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    stop ??= client.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "success") return;
      if (event.query.queryHash !== hash) return;
      for (const each of listeners) each();
    });
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      stop?.();
      stop = undefined;
    };
  }

  const read = () => client.getQueryData<RunState>(key);
  return {
    subscribe,
    get: (executionId) => statesById(read()).get(executionId),
    isPaused: () => read()?.run.pausedAt != null,
  };
}

const NONE: ReadonlyMap<string, ExecutionState> = new Map();
const indexes = new WeakMap<RunState, ReadonlyMap<string, ExecutionState>>();

/** The states by the execution's id, made once for each answer of the server. */
function statesById(state: RunState | undefined): ReadonlyMap<string, ExecutionState> {
  if (!state) return NONE;
  const known = indexes.get(state);
  if (known) return known;
  const index = new Map(state.executions.map((each) => [each.executionId, each]));
  indexes.set(state, index);
  return index;
}

const RunStatesContext = createContext<RunStates | null>(null);
export const RunStatesProvider = RunStatesContext.Provider;

export function useRunStates(runId: string): RunStates {
  const client = useQueryClient();
  const [states] = useState(() => createRunStates(client, runId));
  return states;
}

/** Rendered anew only when this execution changed. */
export function useExecutionState(executionId: string): ExecutionState | undefined {
  const states = useStates();
  const read = () => states.get(executionId);
  return useSyncExternalStore(states.subscribe, read, read);
}

export function useIsRunPaused(): boolean {
  const states = useStates();
  return useSyncExternalStore(states.subscribe, states.isPaused, states.isPaused);
}

function useStates(): RunStates {
  const states = useContext(RunStatesContext);
  if (!states) throw new Error("A node of a run stands outside of RunStatesProvider.");
  return states;
}
