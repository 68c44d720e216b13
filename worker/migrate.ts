import { ConfigError, getConfig } from "@/lib/config";
import { migrateDatabase } from "@/lib/db/migrate";
import { findRunningPostgres } from "./postgres/find-running";

// `npm run db:migrate`: what every start does anyway, for those who deploy in steps.
const { databaseUrl, dataDir } = getConfig();
const url = databaseUrl ?? findRunningPostgres(dataDir);
if (!url) throw new ConfigError(`DATABASE_URL is not set and no database runs in ${dataDir}.`);
await migrateDatabase(url);
