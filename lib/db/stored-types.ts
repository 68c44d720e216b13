import type { TaskFields } from "@/lib/domain/task-fields";

/** What was started. */
export type RunSource = "graph" | "batch" | "task";

/** A saved version of a graph: its tasks as they were, their places and their dependencies. */
export type GraphSnapshot = {
  name: string;
  description: string;
  nodes: { taskId: string; x: number; y: number; task: TaskFields }[];
  dependencies: { taskId: string; dependsOnTaskId: string }[];
};
