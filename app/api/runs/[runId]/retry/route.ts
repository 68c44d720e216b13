import { route } from "@/lib/auth/route";
import { runIdSchema } from "@/lib/domain/inputs";
import { retryRun } from "@/lib/engine/retry-run";

export const POST = route({ permission: "runs.retry" }, runIdSchema, ({ db, input, actor }) =>
  retryRun(db, { ...input, actor }),
);
