import type { TaskFields } from "@/lib/domain/task-fields";

/** What was started. */
export type RunSource = "graph" | "batch" | "task";

/** How an attempt ended. LOST: its worker or engine went away. RELEASED: given back while draining, not counted. */
export type AttemptOutcome = "COMPLETED" | "FAILED" | "TIMEOUT" | "CANCELLED" | "LOST" | "RELEASED";

/** Who changed a status. */
export type ActorType = "person" | "token" | "worker" | "system";

/** A saved version of a graph: its tasks as they were, their places and their dependencies. */
export type GraphSnapshot = {
  name: string;
  description: string;
  nodes: { taskId: string; x: number; y: number; task: TaskFields }[];
  dependencies: { taskId: string; dependsOnTaskId: string }[];
};
