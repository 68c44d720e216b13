import type { QueryKey } from "@tanstack/react-query";

/** What any change of an execution can change besides its own run. */
const EXECUTION_KEYS: readonly QueryKey[] = [
  ["executions"],
  ["runs", "list"],
  ["overview"],
  ["stats"],
  ["system"],
  ["workers"],
  ["projects"],
  ["schedules"],
];

const KEYS: Record<string, readonly QueryKey[]> = {
  "*": [["runs"], ...EXECUTION_KEYS],
  runs: [["runs"], ...EXECUTION_KEYS],
  executions: EXECUTION_KEYS,
  workers: [["workers"], ["system"], ["overview"]],
  graphs: [["graphs"], ["tasks"], ["projects"], ["schedules"]],
  projects: [["projects"], ["schedules"]],
  schedules: [["schedules"]],
};

/** The keys of the queries that a hint makes stale, each once; an unknown topic makes none stale. */
export function keysOfTopics(topics: readonly string[]): QueryKey[] {
  const keys = new Map<string, QueryKey>();
  for (const topic of topics)
    for (const key of keysOfTopic(topic)) keys.set(JSON.stringify(key), key);
  return [...keys.values()];
}

function keysOfTopic(topic: string): readonly QueryKey[] {
  if (topic.startsWith("run:")) return [["runs", topic.slice(4)], ...EXECUTION_KEYS];
  if (topic.startsWith("log:")) return [["logs", topic.slice(4)]];
  return Object.hasOwn(KEYS, topic) ? (KEYS[topic] ?? []) : [];
}
