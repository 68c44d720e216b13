import { route } from "@/lib/auth/route";
import { listPools } from "@/lib/db/queries/pools";
import { createPoolSchema } from "@/lib/domain/inputs";
import { projectIdSchema } from "@/lib/domain/query-inputs";
import { createPool } from "@/lib/engine/create-pool";

export const GET = route({ permission: "pools.read" }, projectIdSchema, ({ db, input }) =>
  listPools(db, input),
);

export const POST = route({ permission: "pools.write" }, createPoolSchema, ({ db, input, actor }) =>
  createPool(db, { ...input, actor }),
);
