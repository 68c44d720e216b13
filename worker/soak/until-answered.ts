import { setTimeout as sleep } from "node:timers/promises";
import { mayPass } from "@/lib/db/sql-state";
import { EngineError } from "@/lib/domain/errors";

const AGAIN_AFTER_MS = 150;
const GIVES_UP_AFTER_MS = 60_000;

/** Does work again until the database answers, as a client would; `onRepeat` is called before each further try. */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  onRepeat: () => void = () => {},
): Promise<T> {
  const end = Date.now() + GIVES_UP_AFTER_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || Date.now() > end) throw error;
      onRepeat();
      await sleep(AGAIN_AFTER_MS);
    }
  }
}

/** What the engine answers to a person; null when it refuses, because something else came first. */
export async function unlessRefused<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await untilAnswered(work);
  } catch (error) {
    if (error instanceof EngineError) return null;
    throw error;
  }
}
