import { route } from "@/lib/auth/route";
import { runGraphSchema } from "@/lib/domain/inputs";
import { runGraph } from "@/lib/engine/run-graph";

export const POST = route({ permission: "runs.start" }, runGraphSchema, ({ db, input, actor }) =>
  runGraph(db, { ...input, actor }),
);
