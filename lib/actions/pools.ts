"use server";

import { createPoolSchema, poolIdSchema, updatePoolSchema } from "@/lib/domain/inputs";
import { createPool } from "@/lib/engine/create-pool";
import { deletePool } from "@/lib/engine/delete-pool";
import { updatePool } from "@/lib/engine/update-pool";
import { action } from "./action";

export const createPoolAction = action({ permission: "pools.write" }, createPoolSchema, createPool);

export const updatePoolAction = action({ permission: "pools.write" }, updatePoolSchema, updatePool);

export const deletePoolAction = action({ permission: "pools.write" }, poolIdSchema, deletePool);
