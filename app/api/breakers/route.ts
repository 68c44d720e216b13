import { route } from "@/lib/auth/route";
import { listBreakers } from "@/lib/db/queries/breakers";
import { nothingSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "system.read" }, nothingSchema, ({ db }) =>
  listBreakers(db),
);
