import { route } from "@/lib/auth/route";
import { listWorkers } from "@/lib/db/queries/workers";
import { nothingSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "system.read" }, nothingSchema, ({ db }) => listWorkers(db));
