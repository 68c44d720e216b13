import { setTimeout as sleep } from "node:timers/promises";
import { between, elementAt } from "@/lib/testing/random";
import { FAST, startWorkerProcess, type WorkerProcess } from "@/worker/testing/worker-process";
import type { Ending } from "./ending";
import type { Journal } from "./journal";
import { readFence, readWorkerId, readWorkerLog } from "./worker-log";

/** What is being done to a worker; whoever does something to one marks it, so that nobody else does. */
type Mischief = "killed" | "stopped" | "drained";

export type SoakWorker = {
  workerId: string;
  /** Its place in the fleet; a worker that ends is replaced by another in the same place. */
  slot: Slot;
  process: WorkerProcess;
  /** On the clock that no one sets, from when on something may be done to it. */
  freeFrom: number;
  mischief: Mischief | null;
};

/** How the workers of one place are started. */
export type Slot = {
  /** Its place, from 1. */
  number: number;
  /** Reaches the database through a link that may be spoiled, and is left alone otherwise. */
  isLinked: boolean;
  /** Has a wrong clock. */
  isSkewed: boolean;
  databaseUrl: string;
  env: Record<string, string>;
};

type Options = {
  slots: Slot[];
  program: string;
  dataDir: string;
  journal: Journal;
  ending: Ending;
  /** Resolves when a worker can be expected to start. */
  whenDatabaseIsUp: () => Promise<void>;
};

/**
 * A worker is left alone for so many times what its start took, or on a slow machine none would ever get anything done; how
 * long exactly is chance, so that workers are hit at random instants also when there are more blows than workers.
 */
const LEFT_ALONE: [number, number] = [0.2, 1];
/** Starts that may fail one after the other, since the database is down at times. */
const MAX_FAILURES = 50;
/** How long to wait before a start that failed is tried again. */
const PAUSE_MS = 200;

/** The worker processes: as many as there are places, each replaced as soon as it has ended. */
export class Fleet {
  readonly #options: Options;
  readonly #running = new Map<Slot, SoakWorker>();
  /** When there is no more use in waiting for a worker, in milliseconds since 1970. */
  takesUntil = Number.POSITIVE_INFINITY;
  #isClosing = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Starts all workers; resolves when each place has had its first. */
  async open(): Promise<void> {
    const loops = this.#options.slots.map((slot) => this.#keepAlive(slot));
    this.#ended = Promise.all(loops.map(({ ended }) => ended)).then(() => {});
    await Promise.race([Promise.all(loops.map(({ started }) => started)), this.#ended]);
  }

  all(): SoakWorker[] {
    return [...this.#running.values()];
  }

  /**
   * Marks the worker at a share of those who are free and whom `suits` likes best, as soon as there is one; null when it is
   * too late for that.
   */
  async take(
    mischief: Mischief,
    share: number,
    suits: (worker: SoakWorker) => number = () => 0,
  ): Promise<SoakWorker | null> {
    const { ending, journal } = this.#options;
    while (Date.now() < this.takesUntil && !ending.signal.aborted) {
      const free = this.all().filter(isFree);
      const best = Math.max(...free.map(suits));
      const suitable = free.filter((worker) => suits(worker) === best);
      const worker = elementAt(suitable, share);
      if (worker) return Object.assign(worker, { mischief });
      await ending.sleep(PAUSE_MS / 4);
    }
    journal.count("nobody to hit");
    return null;
  }

  /** Ends all workers in order, and replaces none. */
  async drain(): Promise<void> {
    this.#isClosing = true;
    for (const worker of this.all()) {
      worker.mischief = "drained";
      worker.process.signal("SIGTERM");
    }
    await this.#ended;
  }

  /** Ends all workers at once. */
  async kill(): Promise<void> {
    this.#isClosing = true;
    for (const worker of this.all()) {
      worker.mischief = "killed";
      worker.process.signal("SIGKILL");
    }
    await this.#ended;
  }

  #keepAlive(slot: Slot): { started: Promise<void>; ended: Promise<void> } {
    let onStarted = () => {};
    const started = new Promise<void>((resolve) => {
      onStarted = resolve;
    });
    const run = async () => {
      for (let failures = 0; !this.#isClosing; ) {
        await this.#options.whenDatabaseIsUp();
        const worker = await this.#start(slot);
        if (worker) {
          onStarted();
          failures = 0;
          await this.#whileItRuns(worker);
        } else {
          if (++failures > MAX_FAILURES) throw new Error(this.#options.journal.failedStarts.at(-1));
          await sleep(PAUSE_MS);
        }
      }
    };
    return { started, ended: run() };
  }

  async #start(slot: Slot): Promise<SoakWorker | null> {
    const { program, dataDir, journal } = this.#options;
    const startedAt = performance.now();
    try {
      const started = await startWorkerProcess({
        databaseUrl: slot.databaseUrl,
        dataDir,
        program,
        env: slot.env,
        isDetached: true,
        onOutput: (text) => this.#noteStall(text),
      });
      const workerId = readWorkerId(started.log());
      const now = performance.now();
      const freeFrom = now + (now - startedAt) * between(Math.random, ...LEFT_ALONE);
      const worker = { workerId, slot, process: started, freeFrom, mischief: null };
      if (this.#isClosing) started.signal("SIGKILL");
      this.#running.set(slot, worker);
      journal.count(slot.isSkewed ? "workers with a wrong clock" : "workers with a right clock");
      journal.startMs.push(now - startedAt);
      return worker;
    } catch (error) {
      journal.noteFailedStart(error);
      return null;
    }
  }

  /** Where a worker says that it noticed too late that its leases had expired, it was kept from running until now. */
  #noteStall(text: string): void {
    const fence = readFence(text);
    if (!fence || fence.ageMs <= Number(FAST.LEASE_DURATION) * 1000) return;
    const to = new Date();
    const from = new Date(to.getTime() - fence.ageMs);
    this.#options.journal.stalls.push({ workerId: fence.workerId, from, to });
  }

  async #whileItRuns(worker: SoakWorker): Promise<void> {
    const { journal } = this.#options;
    const end = await worker.process.ended;
    this.#running.delete(worker.slot);
    journal.logs.set(worker.workerId, readWorkerLog(worker.process.log()));
    const isExpected =
      (end === "SIGKILL" && worker.mischief !== null) ||
      (end === 0 && worker.mischief === "drained");
    if (isExpected || this.#isClosing) return;
    journal.violate("a worker ended by itself", worker.workerId, worker.process.log().slice(-3000));
  }
}

/** Nothing is being done to it, and it has had the time to claim something. */
function isFree({ mischief, slot, freeFrom }: SoakWorker): boolean {
  return !mischief && !slot.isLinked && performance.now() > freeFrom;
}
