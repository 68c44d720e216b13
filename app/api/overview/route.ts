import { route } from "@/lib/auth/route";
import { getOverview } from "@/lib/db/queries/overview";
import { nothingSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "system.read" }, nothingSchema, ({ db }) => getOverview(db));
