import { route } from "@/lib/auth/route";
import { getTask } from "@/lib/db/queries/tasks";
import { taskIdSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "tasks.read" }, taskIdSchema, ({ db, input }) =>
  getTask(db, input),
);
