import { route } from "@/lib/auth/route";
import { cancelRunSchema } from "@/lib/domain/inputs";
import { cancelRun } from "@/lib/engine/cancel-run";

export const POST = route({ permission: "runs.cancel" }, cancelRunSchema, ({ db, input, actor }) =>
  cancelRun(db, { ...input, actor }),
);
