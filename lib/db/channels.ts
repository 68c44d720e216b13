/**
 * Channels of NOTIFY. A notification is a hint that may be lost or doubled: whoever hears one asks the tables, and asks
 * them from time to time anyway.
 */
export const channels = {
  /** Something became claimable. No payload. */
  queue: "dagline_queue",
  /** A cancel was requested for running work. Payload: the worker's id. */
  cancel: "dagline_cancel",
  /** Migrations were applied. No payload. */
  schema: "dagline_schema",
  /** A schedule was changed or a back-fill started, so that loops sleep until the wrong time. No payload. */
  schedules: "dagline_schedules",
  /** Something a screen may show has changed. Payload: a run's id, or a topic such as "graphs" or "workers". */
  changes: "dagline_changes",
} as const;
