import { createDbClient, type DbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import { migrateDatabase } from "@/lib/db/migrate";
import { getExecution, listExecutions } from "@/lib/db/queries/executions";
import { getExecutionStats } from "@/lib/db/queries/stats";
import type { Actor } from "@/lib/domain/actor";
import { type GraphNode, topologicalSort } from "@/lib/domain/graph";
import {
  cancelExecutionSchema,
  executionIdSchema,
  scheduleTaskBatchSchema,
  scheduleTaskGraphSchema,
  scheduleTaskSchema,
} from "@/lib/domain/inputs";
import { parseInput } from "@/lib/domain/parse-input";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { ExecutionDetail, ExecutionStats, ExecutionSummary } from "@/lib/domain/views";
import { cancelExecution } from "./cancel-execution";
import type { CreatedRun } from "./create-run";
import { Hooks, type PostExecutionHook, type PreExecutionHook } from "./hooks";
import { scheduleTask } from "./schedule-task";
import { type BatchResult, scheduleTaskBatch } from "./schedule-task-batch";
import { scheduleTaskGraph } from "./schedule-task-graph";

/**
 * The engine as a programming interface, over the same use cases as the server actions, the HTTP routes and the worker.
 * Inputs are `unknown` and checked by the same schemas; refusals are EngineErrors. `hooks` goes to the Worker of the same
 * process, which calls them around every attempt.
 */
export class TaskExecutionEngine {
  readonly hooks = new Hooks();
  readonly #databaseUrl: string;
  readonly #actor: Actor;
  #client: (DbClient & { close: () => Promise<void> }) | null = null;

  constructor(options: { databaseUrl: string; actor?: Actor }) {
    this.#databaseUrl = options.databaseUrl;
    this.#actor = options.actor ?? { type: "system", id: "engine" };
  }

  /** Applies missing migrations and opens the connections. Calling it again changes nothing. */
  async initialise(): Promise<void> {
    if (this.#client) return;
    await migrateDatabase(this.#databaseUrl);
    this.#client ??= createDbClient(this.#databaseUrl, { name: "engine" });
  }

  /** Closes the connections; what is scheduled stays for the workers. */
  async shutdown(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.close();
  }

  /** Starts one task: `{ taskId, overrides?, scheduledAt?, idempotencyKey? }`. */
  async scheduleTask(input: unknown): Promise<CreatedRun> {
    return scheduleTask(this.#db, { ...parseInput(scheduleTaskSchema, input), actor: this.#actor });
  }

  /** Starts tasks beside each other: `{ projectId, items: [{ taskId, overrides? }] }`; the bad ones are reported. */
  async scheduleTaskBatch(input: unknown): Promise<BatchResult> {
    return scheduleTaskBatch(this.#db, {
      ...parseInput(scheduleTaskBatchSchema, input),
      actor: this.#actor,
    });
  }

  /** Starts tasks with dependencies, all or nothing: `{ projectId, tasks: [{ taskId, dependsOn, overrides? }] }`. */
  async scheduleTaskGraph(input: unknown): Promise<CreatedRun> {
    return scheduleTaskGraph(this.#db, {
      ...parseInput(scheduleTaskGraphSchema, input),
      actor: this.#actor,
    });
  }

  /** Cancels an execution; `requested` is true when a worker still has to stop it. */
  async cancelExecution(input: unknown): Promise<{ status: ExecutionStatus; requested: boolean }> {
    return cancelExecution(this.#db, {
      ...parseInput(cancelExecutionSchema, input),
      actor: this.#actor,
    });
  }

  /** One execution with its attempts and history; null when there is none. */
  async getExecution(executionId: string): Promise<ExecutionDetail | null> {
    return getExecution(this.#db, parseInput(executionIdSchema, { executionId }));
  }

  /** Executions, newest first. `limit` is 1 to 1,000. */
  async listExecutions(
    filter: { status?: ExecutionStatus[]; taskId?: string; limit?: number; offset?: number } = {},
  ): Promise<ExecutionSummary[]> {
    const page = await listExecutions(this.#db, { ...filter, limit: filter.limit ?? 100 });
    return page.items;
  }

  async getExecutionStats(): Promise<ExecutionStats> {
    return getExecutionStats(this.#db, {});
  }

  /** Called before each attempt of this process's worker, in the order of adding; may veto it. */
  addPreExecutionHook(hook: PreExecutionHook): void {
    this.hooks.addPreExecutionHook(hook);
  }

  /** Called after each attempt of this process's worker, however it ended. */
  addPostExecutionHook(hook: PostExecutionHook): void {
    this.hooks.addPostExecutionHook(hook);
  }

  /** Task keys in an order in which they can run; throws an EngineError `cycle` naming the cycle. */
  topologicalSort(nodes: readonly GraphNode[]): string[] {
    return topologicalSort(nodes);
  }

  get #db(): Db {
    if (!this.#client) throw new Error("The engine is not initialised; call initialise() first.");
    return this.#client.db;
  }
}
