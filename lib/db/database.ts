import type { PgDatabase } from "drizzle-orm/pg-core";
import type { PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";

/** A connection pool or an open transaction; engine functions and queries work the same with either. */
export type Db = PgDatabase<PostgresJsQueryResultHKT>;
