import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Makes a program of the worker and all it uses, for a start of a tenth of a second instead of a whole one: a thousand
 * workers will be started. Returns its file.
 */
export async function buildWorker(dir: string): Promise<string> {
  // The worker looks for the migrations two folders above its own file, and for the one package that is left out above it.
  const outdir = join(dir, "program", "build");
  mkdirSync(outdir, { recursive: true });
  for (const name of ["drizzle", "node_modules"]) symlinkSync(join(root, name), join(dir, name));
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "worker", "index.ts")],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported only when it is wanted stays apart.
    splitting: true,
    // Less to read at each start; names stay, for the stacks in the logs.
    minifyWhitespace: true,
    minifySyntax: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@dagger.io/dagger"],
    banner: {
      // Some packages call `require`, which modules do not have.
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: "error",
  });
  return join(outdir, "index.mjs");
}
