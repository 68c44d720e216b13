/** Roles, each with everything that the ones before it have. */
export const roles = ["anonymous", "viewer", "operator", "editor", "admin"] as const;

export type Role = (typeof roles)[number];

/**
 * What may be done, and the least role that may do it. The guard refuses by this table, and screens hide by it. Who edits a
 * task or a graph decides which commands run; an operator only starts and stops what exists.
 */
export const permissions = {
  "health.read": "anonymous",

  "projects.read": "viewer",
  "pools.read": "viewer",
  "tasks.read": "viewer",
  "graphs.read": "viewer",
  "runs.read": "viewer",
  "executions.read": "viewer",
  "logs.read": "viewer",
  "schedules.read": "viewer",
  "system.read": "viewer",

  "runs.start": "operator",
  "runs.cancel": "operator",
  "runs.pause": "operator",
  "runs.retry": "operator",
  "breakers.turn": "operator",
  "schedules.operate": "operator",

  "projects.write": "editor",
  "pools.write": "editor",
  "tasks.write": "editor",
  "graphs.write": "editor",
  "schedules.write": "editor",
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof permissions;

/** Whether a role may do this. */
export function isPermitted(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(permissions[permission]);
}
