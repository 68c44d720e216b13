"use server";

import { createTaskSchema, updateTaskSchema } from "@/lib/domain/inputs";
import { taskIdSchema } from "@/lib/domain/query-inputs";
import { createTask } from "@/lib/engine/create-task";
import { deleteTask } from "@/lib/engine/delete-task";
import { updateTask } from "@/lib/engine/update-task";
import { action } from "./action";

export const createTaskAction = action({ permission: "tasks.write" }, createTaskSchema, createTask);

export const updateTaskAction = action({ permission: "tasks.write" }, updateTaskSchema, updateTask);

export const deleteTaskAction = action({ permission: "tasks.write" }, taskIdSchema, deleteTask);
