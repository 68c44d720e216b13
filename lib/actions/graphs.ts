"use server";

import { createGraphSchema, saveGraphSchema } from "@/lib/domain/inputs";
import { MAX_IMPORT_BYTES } from "@/lib/domain/limits";
import { graphIdSchema } from "@/lib/domain/query-inputs";
import { createGraph } from "@/lib/engine/create-graph";
import { deleteGraph } from "@/lib/engine/delete-graph";
import { saveGraph } from "@/lib/engine/save-graph";
import { action } from "./action";

export const createGraphAction = action(
  { permission: "graphs.write" },
  createGraphSchema,
  createGraph,
);

/** A drawing of thousands of tasks travels whole. */
export const saveGraphAction = action(
  { permission: "graphs.write", maxBytes: MAX_IMPORT_BYTES },
  saveGraphSchema,
  saveGraph,
);

export const deleteGraphAction = action({ permission: "graphs.write" }, graphIdSchema, deleteGraph);
