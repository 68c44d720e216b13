/** Every size limit a person or a program can meet, in one place; the documentation lists the same numbers. */

export const MAX_TASKS_PER_GRAPH = 10_000;
export const MAX_DEPENDENCIES_PER_GRAPH = 50_000;
export const MAX_PARENTS_PER_TASK = 1_000;

export const MAX_POOL_SLOTS = 10_000;

export const MAX_NAME_LENGTH = 200;
export const MAX_KEY_LENGTH = 100;
export const MAX_DESCRIPTION_LENGTH = 10_000;

export const MAX_ARGUMENTS = 200;
export const MAX_STRING_BYTES = 32 * 1024;
export const MAX_ENV_VARIABLES = 100;
export const MAX_ENV_BYTES = 128 * 1024;
export const MAX_PARAMS_BYTES = 64 * 1024;
export const MAX_JSON_DEPTH = 32;
export const MAX_REQUEST_BYTES = 1024 * 1024;
export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;

export const MAX_RETRIES = 100;
export const MAX_RETRY_DELAY_SECONDS = 86_400;
export const MAX_TIMEOUT_SECONDS = 7 * 86_400;
export const MAX_SCHEDULE_AHEAD_DAYS = 366;
export const MAX_SCHEDULES_PER_GRAPH = 100;
export const MAX_EXPRESSION_LENGTH = 200;
/** Fire times within the range of one back-fill, and how many of its runs may be active at once. */
export const MAX_BACKFILL_FIRES = 1_000;
export const MAX_BACKFILL_ACTIVE = 100;

export const MAX_LOG_LINE_BYTES = 64 * 1024;
export const MAX_LOG_BYTES = 10 * 1024 * 1024;
export const MAX_RESULT_BYTES = 1024 * 1024;

export const MAX_PAGE_SIZE = 1_000;
