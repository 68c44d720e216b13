import { route } from "@/lib/auth/route";
import { getSystemState } from "@/lib/db/queries/workers";
import { nothingSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "system.read" }, nothingSchema, ({ db }) =>
  getSystemState(db),
);
