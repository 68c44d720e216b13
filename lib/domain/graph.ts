import { EngineError, type ErrorDetail } from "./errors";
import { MAX_DEPENDENCIES_PER_GRAPH, MAX_PARENTS_PER_TASK, MAX_TASKS_PER_GRAPH } from "./limits";

/** A task of a graph and the keys of the tasks it waits for. */
export type GraphNode = { key: string; dependsOn: readonly string[] };

/** How many names of a cycle a message shows. */
const SHOWN_CYCLE_LENGTH = 20;

/**
 * Everything that is wrong with a graph, at most twenty problems; empty when it can run. Iterative and linear, so a chain
 * of 10,000 tasks is as safe as one of ten.
 */
export function findGraphProblems(nodes: readonly GraphNode[]): ErrorDetail[] {
  const size = checkSize(nodes);
  if (size) return [size];
  const problems = [...checkReferences(nodes), ...cycleProblems(nodes)];
  return problems.slice(0, 20);
}

/** Throws an EngineError that lists the problems; returns the keys in an order in which they can run. */
export function requireValidGraph(nodes: readonly GraphNode[]): string[] {
  const problems = findGraphProblems(nodes);
  const first = problems[0];
  if (first) throw new EngineError(first.code ?? "invalid", first.message, problems);
  return topologicalSort(nodes);
}

/**
 * Keys in an order in which every task comes after its dependencies; ties keep the given order. Throws an EngineError
 * `cycle` naming one whole cycle. Dependencies on unknown keys are ignored here; `findGraphProblems` reports them.
 */
export function topologicalSort(nodes: readonly GraphNode[]): string[] {
  const { dependents, waitingFor } = index(nodes);
  const order = nodes.map((node) => node.key).filter((key) => waitingFor.get(key) === 0);
  for (let i = 0; i < order.length; i++) {
    for (const dependent of dependents.get(order[i] ?? "") ?? []) {
      const left = (waitingFor.get(dependent) ?? 0) - 1;
      waitingFor.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  if (order.length < waitingFor.size) {
    const message = cycleProblems(nodes)[0]?.message ?? "The graph has a cycle.";
    throw new EngineError("cycle", message);
  }
  return order;
}

/**
 * The cycle that a new dependency ("target waits for source") would close, as keys from target back to target; null when
 * it closes none.
 */
export function cycleClosedBy(
  nodes: readonly GraphNode[],
  edge: { source: string; target: string },
): string[] | null {
  if (edge.source === edge.target) return [edge.source, edge.source];
  const { dependents } = index(nodes);
  const cameFrom = new Map<string, string>([[edge.target, ""]]);
  const queue = [edge.target];
  for (const key of queue) {
    if (key === edge.source) return [...pathTo(key, cameFrom), edge.target];
    for (const next of dependents.get(key) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, key);
      queue.push(next);
    }
  }
  return null;
}

/** All keys that wait for one of `keys`, directly or through others; `keys` themselves are not included. */
export function downstreamOf(nodes: readonly GraphNode[], keys: readonly string[]): Set<string> {
  return reach(index(nodes).dependents, keys);
}

/** All keys that one of `keys` waits for, directly or through others; `keys` themselves are not included. */
export function upstreamOf(nodes: readonly GraphNode[], keys: readonly string[]): Set<string> {
  return reach(new Map(nodes.map((node) => [node.key, [...node.dependsOn]])), keys);
}

/** "a → b → a", shortened in the middle when it is long. */
export function describeCycle(cycle: readonly string[]): string {
  if (cycle.length <= SHOWN_CYCLE_LENGTH) return cycle.join(" → ");
  const left = cycle.length - SHOWN_CYCLE_LENGTH;
  const head = cycle.slice(0, SHOWN_CYCLE_LENGTH - 1);
  return [...head, `… ${left} more …`, cycle.at(-1)].join(" → ");
}

function checkSize(nodes: readonly GraphNode[]): ErrorDetail | null {
  if (nodes.length === 0)
    return { path: "tasks", code: "empty", message: "The graph is empty; add at least one task." };
  if (nodes.length > MAX_TASKS_PER_GRAPH)
    return {
      path: "tasks",
      code: "too_many_tasks",
      message: `The graph has ${nodes.length} tasks; at most ${MAX_TASKS_PER_GRAPH} are possible.`,
    };
  const dependencies = nodes.reduce((sum, node) => sum + node.dependsOn.length, 0);
  if (dependencies > MAX_DEPENDENCIES_PER_GRAPH)
    return {
      path: "tasks",
      code: "too_many_dependencies",
      message: `The graph has ${dependencies} dependencies; at most ${MAX_DEPENDENCIES_PER_GRAPH} are possible.`,
    };
  return null;
}

function checkReferences(nodes: readonly GraphNode[]): ErrorDetail[] {
  const known = new Set(nodes.map((node) => node.key));
  const seen = new Set<string>();
  return nodes.flatMap((node, i): ErrorDetail[] => {
    const path = `tasks[${i}]`;
    const duplicate: ErrorDetail = {
      path: `${path}.key`,
      code: "duplicate_key",
      message: `The key "${node.key}" is used twice; every task needs its own.`,
    };
    const isDuplicate = seen.has(node.key);
    seen.add(node.key);
    const tooMany: ErrorDetail = {
      path: `${path}.dependsOn`,
      code: "too_many_dependencies",
      message: `"${node.key}" waits for ${node.dependsOn.length} tasks; at most ${MAX_PARENTS_PER_TASK} are possible.`,
    };
    return [
      ...(isDuplicate ? [duplicate] : []),
      ...(node.dependsOn.length > MAX_PARENTS_PER_TASK ? [tooMany] : []),
      ...checkDependencies(node, path, known),
    ];
  });
}

function checkDependencies(node: GraphNode, path: string, known: Set<string>): ErrorDetail[] {
  const seen = new Set<string>();
  return node.dependsOn.flatMap((key, i): ErrorDetail[] => {
    const at = `${path}.dependsOn[${i}]`;
    if (!known.has(key))
      return [
        {
          path: at,
          code: "unknown_dependency",
          message: `"${node.key}" waits for "${key}", which is not in the graph.`,
        },
      ];
    if (seen.has(key))
      return [
        { path: at, code: "duplicate_key", message: `"${node.key}" waits for "${key}" twice.` },
      ];
    seen.add(key);
    return [];
  });
}

function cycleProblems(nodes: readonly GraphNode[]): ErrorDetail[] {
  return findCycles(nodes).map((cycle) => ({
    path: "tasks",
    code: "cycle" as const,
    message: `The tasks wait for each other in a cycle: ${describeCycle(cycle)}.`,
  }));
}

/** One whole cycle (first key repeated at its end) of every part of the graph that has any. */
export function findCycles(nodes: readonly GraphNode[]): string[][] {
  const { dependents } = index(nodes);
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of dependents.keys()) {
    if (done.has(start)) continue;
    const cycle = walk(start, dependents, done);
    if (!cycle) continue;
    cycles.push(cycle);
    // The whole part is reported once: whatever hangs together with this cycle would name it again.
    for (const key of reach(dependents, cycle)) done.add(key);
    for (const key of cycle) done.add(key);
  }
  return cycles;
}

/** Depth-first search with a stack of its own; marks what it has left behind as done. */
function walk(
  start: string,
  dependents: Map<string, string[]>,
  done: Set<string>,
): string[] | null {
  const path: string[] = [start];
  const position = new Map([[start, 0]]);
  const nextChild: number[] = [0];
  while (path.length > 0) {
    const depth = path.length - 1;
    const key = path[depth] ?? "";
    const childIndex = nextChild[depth] ?? 0;
    const child = dependents.get(key)?.[childIndex];
    nextChild[depth] = childIndex + 1;
    if (child === undefined) {
      done.add(key);
      position.delete(key);
      path.pop();
      nextChild.pop();
      continue;
    }
    const seenAt = position.get(child);
    if (seenAt !== undefined) return [...path.slice(seenAt), child];
    if (done.has(child)) continue;
    position.set(child, path.length);
    path.push(child);
    nextChild.push(0);
  }
  return null;
}

function index(nodes: readonly GraphNode[]) {
  const dependents = new Map<string, string[]>(nodes.map((node) => [node.key, []]));
  const waitingFor = new Map<string, number>(nodes.map((node) => [node.key, 0]));
  for (const node of nodes) {
    const dependencies = new Set(node.dependsOn);
    for (const dependency of dependencies) {
      const list = dependents.get(dependency);
      if (!list) continue;
      list.push(node.key);
      waitingFor.set(node.key, (waitingFor.get(node.key) ?? 0) + 1);
    }
  }
  return { dependents, waitingFor };
}

function reach(next: Map<string, string[]>, from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const queue = [...from];
  for (const key of queue) {
    for (const neighbour of next.get(key) ?? []) {
      if (found.has(neighbour)) continue;
      found.add(neighbour);
      queue.push(neighbour);
    }
  }
  for (const key of from) found.delete(key);
  return found;
}

function pathTo(key: string, cameFrom: Map<string, string>): string[] {
  const path: string[] = [];
  for (let at = key; at !== ""; at = cameFrom.get(at) ?? "") path.push(at);
  return path.reverse();
}
