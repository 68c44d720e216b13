import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ActionResult } from "@/lib/actions/action-result";
import { resetBreakerAction, tripBreakerAction } from "@/lib/actions/breakers";
import { callAction } from "./call-action";
import { overviewKey, systemKey } from "./query-keys";

/** Closes the circuit breaker of an engine. */
export function useResetBreaker() {
  return useBreakerMutation(resetBreakerAction);
}

/** Opens the circuit breaker of an engine. */
export function useTripBreaker() {
  return useBreakerMutation(tripBreakerAction);
}

function useBreakerMutation<T>(action: (input: { engine: string }) => Promise<ActionResult<T>>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { engine: string }) => callAction(action, input),
    networkMode: "always",
    onSettled: () => {
      // Every reason to wait may be another one now.
      for (const queryKey of [systemKey(), overviewKey(), ["executions"], ["runs"]])
        void client.invalidateQueries({ queryKey });
    },
  });
}
