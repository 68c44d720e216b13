import { hostname } from "node:os";
import type { Logger } from "pino";
import { v7 as uuidv7 } from "uuid";
import type { Config } from "@/lib/config";
import { isSchemaNewer } from "@/lib/db/schema-version";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { Hooks } from "@/lib/engine/hooks";
import { drainWorker, registerWorker, stopWorker } from "@/lib/engine/register-worker";
import { log as rootLog } from "@/lib/log";
import { namesOf, type RunContext, type TraceparentOf } from "./attempt";
import { AttemptControl } from "./attempt-control";
import { Claimer } from "./claimer";
import { Heartbeat } from "./heartbeat";
import { HeldAttempts } from "./held-attempts";
import { listen } from "./listener";
import type { WorkerMetrics } from "./metrics";
import { Poller } from "./poller";
import { prepareConnections } from "./prepare-connections";
import { createPrunePoll } from "./pruner";
import { Recorder } from "./recorder";
import { createStrayReturn } from "./return-strays";
import { recordEnd, runExecution } from "./run-execution";
import type { Runner } from "./runners/runner";
import { createSchedulePoll } from "./schedule-poll";
import { createSweepPoll } from "./sweep-poll";
import type { WorkerDatabase } from "./worker-database";
import { openWorkerDatabases, type WorkerDatabases } from "./worker-databases";

export type WorkerOptions = {
  /** A new one unless given. */
  id?: string;
  log?: Logger;
  databaseUrl: string;
  runner: Runner;
  hooks?: Hooks;
  /** The schema has become newer than this program: the worker must be stopped. */
  onOutdated?: () => void;
  /** Filled while the worker works; nobody looks unless given. */
  metrics?: WorkerMetrics | null;
  /** What a command is told of the trace its attempt belongs to; nothing unless given. */
  traceparentOf?: TraceparentOf | null;
  config: Pick<
    Config,
    | "maxConcurrentExecutions"
    | "schedulerIntervalSeconds"
    | "heartbeatIntervalSeconds"
    | "leaseDurationSeconds"
    | "sweepIntervalSeconds"
    | "drainTimeoutSeconds"
    | "cancelGraceSeconds"
    | "starvationBoundSeconds"
    | "retentionDays"
    | "breaker"
    | "secrets"
  >;
};

/** How long a worker that stops waits for its last words to reach the database. */
const FAREWELL_MS = 5000;

/** The process that executes: claims what is ready, runs it, records how it ended, and sweeps up after dead workers. */
export class Worker {
  readonly id: string;
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #metrics: WorkerMetrics | null;
  readonly #held = new HeldAttempts();
  readonly #databases: WorkerDatabases;
  readonly #recorder: Recorder;
  readonly #runContext: RunContext;
  readonly #heartbeat: Heartbeat;
  readonly #claimer: Claimer;
  readonly #pollers: Record<"claim" | "heartbeat" | "sweep" | "schedules" | "prune", Poller>;
  #listener: { close: () => Promise<void> } | null = null;
  #isDraining = false;
  #farewell: Promise<void> | null = null;

  constructor(options: WorkerOptions) {
    const { databaseUrl, config } = options;
    this.id = options.id ?? uuidv7();
    this.#log = options.log ?? rootLog.child({ workerId: this.id });
    this.#options = options;
    this.#metrics = options.metrics ?? null;
    this.#databases = openWorkerDatabases(databaseUrl);
    this.#heartbeat = new Heartbeat({
      database: this.#databases.heartbeat,
      workerId: this.id,
      held: this.#held,
      intervalMs: config.heartbeatIntervalSeconds * 1000,
      leaseMs: config.leaseDurationSeconds * 1000,
      onStrays: createStrayReturn({
        held: this.#held,
        whenAnswered: () => this.#claimer.whenAnswered(),
        giveBack: (stray) => this.#recorder.ended(stray, { kind: "released" }),
        log: this.#log,
      }),
      log: this.#log,
    });
    this.#recorder = new Recorder({
      databases: this.#databases,
      actor: { type: "worker", id: this.id },
      breakerPolicy: config.breaker,
      isFenced: () => this.#heartbeat.isFenced(),
      isAlone: () => this.#heartbeat.others === 0,
      exchange: {
        ask: (leaseTokens) => {
          this.#held.free(leaseTokens);
          const ask = this.#claimer.askAlong();
          // Then a claim of its own goes beside them.
          if (!ask) this.#pollers.claim.wake();
          return ask;
        },
        take: (ask, claim) => this.#pollers.claim.wakeWithin(this.#claimer.take(ask, claim)),
        drop: (ask) => this.#claimer.drop(ask),
        isQueueDeep: () => this.#claimer.isQueueDeep,
        wake: () => this.#pollers.claim.wake(),
      },
      log: this.#log,
      metrics: this.#metrics,
    });
    this.#runContext = {
      database: this.#databases.ordinary,
      recorder: this.#recorder,
      runner: options.runner,
      hooks: options.hooks ?? new Hooks(),
      secrets: config.secrets,
      graceMs: config.cancelGraceSeconds * 1000,
      log: this.#log,
      metrics: this.#metrics,
      traceparentOf: options.traceparentOf ?? null,
    };
    this.#claimer = this.#createClaimer();
    this.#pollers = this.#createPollers();
    this.#metrics?.watch({
      heartbeatAgeMs: () => this.#heartbeat.ageMs(),
      slots: () => config.maxConcurrentExecutions,
      slotsUsed: () => this.#held.slotsUsed,
    });
  }

  async start(): Promise<void> {
    await this.#register();
    const { kind, engine } = this.#options.runner;
    await prepareConnections(this.#databases, { workerId: this.id, runner: kind, engine }).catch(
      // Then they are planned when they are needed.
      (error: unknown) => this.#log.warn({ error }, "statements not planned ahead"),
    );
    this.#heartbeat.watch();
    this.#listener = await listen(this.#options.databaseUrl, {
      onQueue: () => this.#lookAtQueue(),
      onCancel: (workerId) => {
        if (workerId === this.id) this.#pollers.heartbeat.wake();
      },
      onSchema: () => void this.#checkSchema(),
      onSchedules: () => this.#pollers.schedules.wake(),
      onReconnect: () => {
        this.#lookAtQueue();
        this.#pollers.schedules.wake();
        this.#pollers.heartbeat.wake();
        void this.#checkSchema();
      },
    });
    for (const poller of Object.values(this.#pollers)) poller.start();
    this.#log.info({ runner: this.#options.runner.kind }, "worker started");
  }

  #lookAtQueue(): void {
    this.#claimer.notice();
    this.#pollers.claim.wake();
  }

  /** A newer installation has migrated the database: what this one would write may not fit any more. */
  async #checkSchema(): Promise<void> {
    const isNewer = await this.#databases.ordinary.run(isSchemaNewer).catch((error: unknown) => {
      this.#log.warn({ error }, "schema not checked");
      return false;
    });
    if (!isNewer || this.#isDraining) return;
    this.#log.error("schema is newer than this worker");
    this.#options.onOutdated?.();
  }

  /**
   * Drains: claims no more, lets attempts finish, gives the rest back, says goodbye. A second call, or `now`, stops the
   * attempts at once.
   */
  async stop({ now }: { now: boolean }): Promise<void> {
    if (now || this.#isDraining) this.#held.stopAll("drain", { force: true });
    this.#isDraining = true;
    this.#farewell ??= this.#drain(now);
    await this.#farewell;
  }

  async #drain(now: boolean): Promise<void> {
    const { config, runner } = this.#options;
    this.#log.info({ attempts: this.#held.size }, "worker draining");
    const workerId = this.id;
    await this.#say((database) => database.run((db) => drainWorker(db, { workerId }), FAREWELL_MS));
    // What a batch of it has not committed is deleted another time.
    void this.#pollers.prune.stop();
    await Promise.all([this.#pollers.claim.stop(), this.#pollers.schedules.stop()]);
    await this.#held.whenIdle(now ? 0 : config.drainTimeoutSeconds * 1000);
    this.#held.stopAll("drain", { force: now });
    await this.#held.whenIdle(config.cancelGraceSeconds * 1000 + FAREWELL_MS);
    this.#recorder.close();
    await Promise.all([this.#pollers.heartbeat.stop(), this.#pollers.sweep.stop()]);
    this.#heartbeat.stop();
    await runner.close();
    await this.#say((database) => database.run((db) => stopWorker(db, { workerId }), FAREWELL_MS));
    await this.#listener?.close();
    await Promise.all(Object.values(this.#databases).map((database) => database.close()));
    this.#log.info("worker stopped");
  }

  /** The database may be gone already; the worker stops all the same. */
  async #say(tell: (database: WorkerDatabase) => Promise<void>): Promise<void> {
    await tell(this.#databases.ordinary).catch((error: unknown) => {
      this.#log.warn({ error }, "worker's state not recorded");
    });
  }

  #register(): Promise<void> {
    const { runner, config } = this.#options;
    return this.#databases.ordinary.run((db) =>
      registerWorker(db, {
        id: this.id,
        name: `${hostname()} ${process.pid}`,
        runner: runner.kind,
        engine: runner.engine,
        runnerDescription: runner.description,
        maxConcurrentExecutions: config.maxConcurrentExecutions,
      }),
    );
  }

  #createPollers() {
    const log = this.#log;
    const onFailure = (loop: string) => this.#metrics?.pollFailed(loop);
    const create = (name: string, poll: () => Promise<number>) =>
      new Poller({ name, poll, log, onFailure });
    return {
      claim: create("claim", () => this.#claimer.poll()),
      heartbeat: create("heartbeat", () => this.#heartbeat.poll()),
      sweep: create(
        "sweep",
        createSweepPoll({
          workerId: this.id,
          context: this.#runContext,
          config: this.#options.config,
        }),
      ),
      schedules: create(
        "schedules",
        createSchedulePoll({ database: this.#databases.ordinary, log }),
      ),
      prune: create(
        "prune",
        createPrunePoll({
          database: this.#databases.pruner,
          retentionDays: this.#options.config.retentionDays,
          log,
          onPruned: (pruned) => this.#metrics?.pruned(pruned),
        }),
      ),
    };
  }

  #createClaimer(): Claimer {
    const { config, runner } = this.#options;
    return new Claimer({
      databases: this.#databases,
      workerId: this.id,
      runner: runner.kind,
      engine: runner.engine,
      intervalMs: config.schedulerIntervalSeconds * 1000,
      starvationBoundSeconds: config.starvationBoundSeconds,
      leaseSeconds: config.leaseDurationSeconds,
      otherWorkers: () => this.#heartbeat.others ?? 0,
      freeSlots: () => (this.#canClaim() ? this.#countFree() : 0),
      onClaimed: (claimed, askedAt) => this.#run(claimed, askedAt),
      onClaimedLate: (claimed) => this.#giveBack(claimed),
      metrics: this.#metrics,
    });
  }

  #countFree(): number {
    return this.#held.countFree(this.#options.config.maxConcurrentExecutions);
  }

  #canClaim(): boolean {
    return !this.#isDraining && !this.#heartbeat.isFenced();
  }

  #giveBack(claimed: ClaimedExecution): void {
    this.#log.warn(namesOf(claimed), "claim answered too late");
    void recordEnd(this.#runContext, claimed, { kind: "released" });
  }

  #run(claimed: ClaimedExecution, leasedSince: number): void {
    const control = new AttemptControl();
    const done = runExecution(this.#runContext, claimed, control).then((result) => {
      const isRecorded = result === "recorded";
      const wasFull = this.#countFree() <= 0;
      // One that completed has handed its slot on already; but so many may have waited to be recorded that none could follow.
      if (this.#held.remove(claimed.leaseToken, { isRecorded })) this.#pollers.claim.wake();
      else if (wasFull) this.#pollers.claim.wakeWithin(1); // when the others of its batch are gone, too
    });
    this.#held.add({ claimed, control, done, leasedSince });
    if (this.#isDraining) control.stop("drain", { force: false });
  }
}
