import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { GraphSnapshot } from "@/lib/db/stored-types";
import { at, createdAt, definition, id, updatedAt } from "./columns";

export const projects = pgTable(
  "projects",
  {
    id: id(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Made by the first start; shown as an example and as safe to delete. */
    isExample: boolean("is_example").notNull().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique("projects_name_key").on(t.name), check("projects_name", sql`${t.name} <> ''`)],
);

/** A named limit: how many executions of it may hold a lease at one time, over all workers; each key has as many slots. */
export const pools = pgTable(
  "pools",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Read by every claim, so a change acts at once; never a count of what is in use. */
    slots: integer("slots").notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("pools_project_id_name_key").on(t.projectId, t.name),
    // Target of the foreign key that keeps a task's pool within its project.
    unique("pools_project_id_id_key").on(t.projectId, t.id),
    check("pools_slots", sql`${t.slots} between 1 and 10000`),
  ],
);

export const tasks = pgTable(
  "tasks",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** The name in references, imports and the API. */
    key: text("key").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    ...definition(),
    poolId: uuid("pool_id"),
    /** Executions of the pool with this key share its slots among themselves alone. */
    poolKey: text("pool_key"),
    /** Counts changes; an update names the version it was made from. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("tasks_project_id_key_key").on(t.projectId, t.key),
    // Target of the foreign keys that keep a graph's tasks within its project.
    unique("tasks_project_id_id_key").on(t.projectId, t.id),
    // No action: a pool that tasks name cannot be deleted.
    foreignKey({ columns: [t.projectId, t.poolId], foreignColumns: [pools.projectId, pools.id] }),
    check("tasks_pool_key", sql`${t.poolKey} is null or ${t.poolId} is not null`),
    check("tasks_priority", sql`${t.priority} between 0 and 3`),
    check("tasks_retries", sql`${t.maxRetries} >= 0 and ${t.retryDelaySeconds} >= 0`),
    check("tasks_timeout", sql`${t.timeoutSeconds} > 0`),
  ],
);

export const graphs = pgTable(
  "graphs",
  {
    id: id(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Raised by every save; a save names the version it was made from. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("graphs_project_id_name_key").on(t.projectId, t.name),
    unique("graphs_project_id_id_key").on(t.projectId, t.id),
  ],
);

/** Where a task stands in the drawing. */
export const graphNodes = pgTable(
  "graph_nodes",
  {
    projectId: uuid("project_id").notNull(),
    graphId: uuid("graph_id").notNull(),
    taskId: uuid("task_id").notNull(),
    x: doublePrecision("x").notNull(),
    y: doublePrecision("y").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.graphId, t.taskId] }),
    foreignKey({
      columns: [t.projectId, t.graphId],
      foreignColumns: [graphs.projectId, graphs.id],
    }).onDelete("cascade"),
    // No action: a task is removed from its graphs before it can be deleted.
    foreignKey({ columns: [t.projectId, t.taskId], foreignColumns: [tasks.projectId, tasks.id] }),
    index("graph_nodes_task_id_idx").on(t.taskId),
  ],
);

/** "The task waits for the other", as drawn. */
export const dependencies = pgTable(
  "dependencies",
  {
    graphId: uuid("graph_id").notNull(),
    taskId: uuid("task_id").notNull(),
    dependsOnTaskId: uuid("depends_on_task_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.graphId, t.taskId, t.dependsOnTaskId] }),
    foreignKey({
      columns: [t.graphId, t.taskId],
      foreignColumns: [graphNodes.graphId, graphNodes.taskId],
    }).onDelete("cascade"),
    foreignKey({
      columns: [t.graphId, t.dependsOnTaskId],
      foreignColumns: [graphNodes.graphId, graphNodes.taskId],
    }).onDelete("cascade"),
    check("dependencies_self", sql`${t.taskId} <> ${t.dependsOnTaskId}`),
    index("dependencies_depends_on_idx").on(t.graphId, t.dependsOnTaskId),
  ],
);

/** What each save of a graph looked like, tasks included. */
export const graphVersions = pgTable(
  "graph_versions",
  {
    graphId: uuid("graph_id")
      .notNull()
      .references(() => graphs.id, { onDelete: "cascade" }),
    version: integer("version").notNull(),
    snapshot: jsonb("snapshot").$type<GraphSnapshot>().notNull(),
    savedAt: at("saved_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.graphId, t.version] })],
);
