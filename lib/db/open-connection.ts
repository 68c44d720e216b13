import postgres from "postgres";

/**
 * Opens one connection by itself, for work beside a pool; it is made on first use, and again when it was cut. Whoever opens
 * it ends it.
 */
export function openConnection(databaseUrl: string, name = "dagline"): postgres.Sql {
  return postgres(databaseUrl, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
    // A connection that is cut while the driver asks for the types of arrays would end the process.
    fetch_types: false,
    connection: { application_name: name },
  });
}
