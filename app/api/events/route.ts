import { route } from "@/lib/auth/route";
import { getChangeHub } from "@/lib/changes/hub";
import { openChangeStream } from "@/lib/changes/stream";
import { nothingSchema } from "@/lib/domain/query-inputs";

/** Server-sent hints of what has changed; whoever hears one reads what it shows again. */
export const GET = route({ permission: "system.read" }, nothingSchema, async ({ request }) => {
  const stream = openChangeStream(getChangeHub(), request.signal);
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // Compression, here or in a proxy, would hold messages back.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
});
