import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/**
 * Makes one program of a source file and all it uses; returns its file. Loaded file by file, TypeScript starts a second
 * later, and its loader gives every function its name anew whenever it is made, which costs a busy worker a tenth of its
 * time. The program looks for the migrations and the packages from its own place, so it belongs two folders below what has
 * them.
 */
export async function bundle({
  entry,
  outdir,
}: {
  entry: string;
  outdir: string;
}): Promise<string> {
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: { index: entry },
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

/**
 * Options of Node.js for a worker. Half of what it makes lives as long as an attempt: with a larger young generation it is
 * copied less often. It holds 32 MB more at most.
 */
export const WORKER_OPTIONS: readonly string[] = ["--max-semi-space-size=32"];
