/** The embedded PostgreSQL cannot be used; the message says why, or what to do. */
export class EmbeddedPostgresError extends Error {}
