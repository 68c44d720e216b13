import { createDbClient } from "@/lib/db/client";
import { migrateDatabase } from "@/lib/db/migrate";
import { seedExampleProject } from "@/lib/engine/seed-example-project";

/** Applies the migrations that are missing and, on the first start of all, adds the example project. */
export async function prepareDatabase(
  url: string,
  options: { exampleProject: boolean },
): Promise<void> {
  await migrateDatabase(url);
  if (!options.exampleProject) return;
  const client = createDbClient(url, { name: "launcher", max: 1 });
  try {
    await seedExampleProject(client.db);
  } finally {
    await client.close();
  }
}
