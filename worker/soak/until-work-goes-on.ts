import { watchCpuPressure } from "./cpu-pressure";
import type { World } from "./world";

const WITHIN_MS = 12_000;
const ASK_EVERY_MS = 300;
/** How long work may go on before the next blow; on a slow machine there would be nothing but recoveries. */
const BREATH_MS = 2000;
/** Percent of the time in which something waited for a processor; beyond it the machine is somebody else's. */
const BUSY_PERCENT = 90;

/**
 * Waits until something has been completed since a moment, for a little longer than that may take, and for a breath more.
 * Returns whether the machine was so busy meanwhile that it says nothing about the product how long it took.
 */
export async function untilWorkGoesOn({ sql, ending }: World, since: Date): Promise<boolean> {
  const pressure = watchCpuPressure();
  for (const end = Date.now() + WITHIN_MS; Date.now() < end && !ending.signal.aborted; ) {
    const rows = await sql`
      select from attempts where outcome = 'COMPLETED' and ended_at > ${since.toISOString()} limit 1`.catch(
      () => [],
    );
    if (rows.length > 0) break;
    await ending.sleep(ASK_EVERY_MS);
  }
  const isBusy = (pressure() ?? 0) > BUSY_PERCENT;
  await ending.sleep(BREATH_MS);
  return isBusy;
}
