import { route } from "@/lib/auth/route";
import { runIdSchema } from "@/lib/domain/inputs";
import { pauseRun } from "@/lib/engine/pause-run";

export const POST = route({ permission: "runs.pause" }, runIdSchema, ({ db, input, actor }) =>
  pauseRun(db, { ...input, actor }),
);
