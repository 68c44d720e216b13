import { channels } from "@/lib/db/channels";
import { openConnection } from "@/lib/db/open-connection";

/** Hears notifications on a connection of its own, which reconnects by itself; `onReconnect` catches up with what it missed. */
export async function listen(
  databaseUrl: string,
  handlers: {
    onQueue: () => void;
    onCancel: (workerId: string) => void;
    onSchema: () => void;
    onSchedules: () => void;
    onReconnect: () => void;
  },
): Promise<{ close: () => Promise<void> }> {
  const sql = openConnection(databaseUrl, "dagline worker listener");
  const subscribe = async () => {
    await sql.listen(channels.queue, handlers.onQueue, handlers.onReconnect);
    await sql.listen(channels.cancel, handlers.onCancel);
    await sql.listen(channels.schema, handlers.onSchema);
    await sql.listen(channels.schedules, handlers.onSchedules);
  };
  await subscribe();
  return { close: () => sql.end({ timeout: 1 }) };
}
