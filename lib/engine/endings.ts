import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import type { AttemptOutcome } from "@/lib/domain/ending";

/** What came to its end in one transaction. */
export type Endings = {
  actor: Actor;
  attempts: readonly { executionId: string; attempt: number; outcome: AttemptOutcome }[];
  runIds: readonly string[];
};

type Listener = (endings: Endings) => void;

// On globalThis, since Next.js bundles this file once for every route and once for instrumentation.ts.
const shared = globalThis as typeof globalThis & { daglineEndings?: Set<Listener> }; // ours alone, by its name
shared.daglineEndings ??= new Set();
const listeners = shared.daglineEndings;

const uncommitted = new WeakMap<Db, Endings[]>();

/**
 * Calls back after the commit with what this process has ended, for metrics and traces: nothing may depend on it, since a
 * process can die in between. The callback must neither throw nor take long. Returns how to take it back.
 */
export function onEndings(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Remembers what a transaction ends until it is committed. What is committed already is told at once: outside of a
 * transaction, or with null.
 */
export function noteEndings(db: Db | null, read: () => Endings): void {
  if (listeners.size === 0) return;
  const endings = read();
  if (endings.attempts.length === 0 && endings.runIds.length === 0) return;
  const noted = db && uncommitted.get(db);
  if (noted) noted.push(endings);
  else if (!db || !("rollback" in db)) tell([endings]);
}

/** Runs `commit`, a whole transaction, and tells of what it has ended. */
export async function tellEndings<T>(
  work: (tx: Db) => Promise<T>,
  commit: (work: (tx: Db) => Promise<T>) => Promise<T>,
): Promise<T> {
  if (listeners.size === 0) return commit(work);
  const noted: Endings[] = [];
  const result = await commit((tx) => {
    uncommitted.set(tx, noted);
    return work(tx);
  });
  tell(noted);
  return result;
}

function tell(noted: readonly Endings[]): void {
  for (const endings of noted) for (const listener of listeners) listener(endings);
}
