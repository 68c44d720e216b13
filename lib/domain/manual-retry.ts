import { type ExecutionStatus, isRetryable } from "./status";

/** An execution of a run, as far as a person's retry looks at it. */
export type RetryNode = {
  id: string;
  status: ExecutionStatus;
  reason: string | null;
  dependsOn: readonly string[];
};

export type RetryPlan =
  | { ok: true; retried: string[]; revived: string[] }
  /** The first chosen execution that cannot be retried, and the one upstream that stands in its way, if that is why. */
  | { ok: false; id: string; blockedBy: string | null };

/**
 * What a person's retry of some executions changes: the chosen ones start again, and what was cancelled only because of
 * them (`upstream_failed`) waits again. A chosen one is refused while something upstream of it has ended without completing
 * and is not retried too, since it would wait for ever. Those in `also` start again where nothing stands in their way.
 */
export function planRetry(
  nodes: readonly RetryNode[],
  { chosen, also }: { chosen: ReadonlySet<string>; also: ReadonlySet<string> },
): RetryPlan {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const again = new Set<string>();
  const revived: string[] = [];
  for (const node of inOrder(nodes, byId)) {
    const blockedBy = node.dependsOn.find((id) => isDead(byId.get(id), again)) ?? null;
    if (chosen.has(node.id)) {
      if (!isRetryable(node.status)) return { ok: false, id: node.id, blockedBy: null };
      if (blockedBy) return { ok: false, id: node.id, blockedBy };
      again.add(node.id);
    } else if (
      !blockedBy &&
      isRetryable(node.status) &&
      (also.has(node.id) || node.reason === "upstream_failed")
    ) {
      again.add(node.id);
      revived.push(node.id);
    }
  }
  return { ok: true, retried: [...again].filter((id) => chosen.has(id)), revived };
}

function isDead(node: RetryNode | undefined, again: ReadonlySet<string>): boolean {
  return node !== undefined && isRetryable(node.status) && !again.has(node.id);
}

/** Every node after those it waits for (depth-first, with a stack of its own). */
function inOrder(nodes: readonly RetryNode[], byId: Map<string, RetryNode>): RetryNode[] {
  const order: RetryNode[] = [];
  const state = new Map<string, "open" | "done">();
  const stack = [...nodes].reverse();
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    if (state.get(node.id) === undefined) {
      state.set(node.id, "open");
      for (const id of node.dependsOn) {
        const parent = byId.get(id);
        if (parent && !state.has(id)) stack.push(parent);
      }
      continue;
    }
    stack.pop();
    if (state.get(node.id) === "done") continue;
    state.set(node.id, "done");
    order.push(node);
  }
  return order;
}
