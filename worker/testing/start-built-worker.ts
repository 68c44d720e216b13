import { inject } from "vitest";
import { startWorkerProcess, type WorkerOptions, type WorkerProcess } from "./worker-process";

/** Starts a process of the worker that was built for the fault tests, and waits until it has started to claim. */
export function startBuiltWorker(options: Omit<WorkerOptions, "program">): Promise<WorkerProcess> {
  return startWorkerProcess({ ...options, program: inject("workerProgram") });
}
