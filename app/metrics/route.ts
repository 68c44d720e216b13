import { route } from "@/lib/auth/route";
import { nothingSchema } from "@/lib/domain/query-inputs";
import { renderMetrics } from "@/lib/metrics";

/** What Prometheus reads. Answers also without a database, and then says so. */
export const GET = route({ permission: "system.read" }, nothingSchema, async ({ db }) => {
  const { contentType, text } = await renderMetrics(db);
  return new Response(text, { headers: { "content-type": contentType } });
});
