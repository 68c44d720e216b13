import { route } from "@/lib/auth/route";
import { poolIdSchema, updatePoolSchema } from "@/lib/domain/inputs";
import { deletePool } from "@/lib/engine/delete-pool";
import { updatePool } from "@/lib/engine/update-pool";

export const PATCH = route(
  { permission: "pools.write" },
  updatePoolSchema,
  ({ db, input, actor }) => updatePool(db, { ...input, actor }),
);

export const DELETE = route({ permission: "pools.write" }, poolIdSchema, ({ db, input, actor }) =>
  deletePool(db, { ...input, actor }),
);
