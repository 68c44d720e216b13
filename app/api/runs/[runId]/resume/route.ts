import { route } from "@/lib/auth/route";
import { runIdSchema } from "@/lib/domain/inputs";
import { resumeRun } from "@/lib/engine/resume-run";

export const POST = route({ permission: "runs.pause" }, runIdSchema, ({ db, input, actor }) =>
  resumeRun(db, { ...input, actor }),
);
