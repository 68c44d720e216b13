import { route } from "@/lib/auth/route";
import { listRuns } from "@/lib/db/queries/runs";
import { scheduleTaskGraphSchema } from "@/lib/domain/inputs";
import { MAX_IMPORT_BYTES } from "@/lib/domain/limits";
import { listRunsSchema } from "@/lib/domain/query-inputs";
import { scheduleTaskGraph } from "@/lib/engine/schedule-task-graph";

export const GET = route({ permission: "runs.read" }, listRunsSchema, ({ db, input }) =>
  listRuns(db, input),
);

export const POST = route(
  { permission: "runs.start", maxBytes: MAX_IMPORT_BYTES },
  scheduleTaskGraphSchema,
  ({ db, input, actor }) => scheduleTaskGraph(db, { ...input, actor }),
);
