import type { TaskFields } from "@/lib/domain/task-fields";

/** A graph as the editor opens it. */
export type GraphDetail = {
  graphId: string;
  projectId: string;
  projectName: string;
  name: string;
  description: string;
  version: number;
  nodes: { taskId: string; taskVersion: number; x: number; y: number; task: TaskFields }[];
  dependencies: { taskId: string; dependsOnTaskId: string }[];
};
