"use server";

import { saveProjectSchema } from "@/lib/domain/inputs";
import { projectIdSchema } from "@/lib/domain/query-inputs";
import { deleteProject } from "@/lib/engine/delete-project";
import { saveProject } from "@/lib/engine/save-project";
import { action } from "./action";

export const saveProjectAction = action(
  { permission: "projects.write" },
  saveProjectSchema,
  saveProject,
);

export const deleteProjectAction = action(
  { permission: "projects.write" },
  projectIdSchema,
  deleteProject,
);
