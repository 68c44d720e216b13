import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildWorker } from "./build-worker";

declare module "vitest" {
  interface ProvidedContext {
    /** File of the worker's program, the same that `npm start` runs. */
    workerProgram: string;
  }
}

let dir: string | null = null;

/** Builds the worker once for all fault tests. */
export async function setup(project: TestProject): Promise<void> {
  dir = mkdtempSync(join(tmpdir(), "dagline-program-"));
  project.provide("workerProgram", await buildWorker(dir));
}

/** Takes the program away. */
export function teardown(): void {
  if (dir) rmSync(dir, { recursive: true, force: true });
}
