import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say, sayWhile } from "./say";
import { StartError } from "./start-error";

const SOURCE_FOLDERS = ["app", "components", "lib", "public"];
const SOURCE_FILES = [
  "instrumentation.ts",
  "proxy.ts",
  "next.config.mjs",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];
const STAMP = ".next/dagline-sources";

/** Builds the web server if its sources changed since the last build. */
export async function build(): Promise<void> {
  const sources = hashSources();
  if (isBuilt(sources)) return;
  // A failed build leaves the old stamp with half a build behind it.
  rmSync(STAMP, { force: true });
  say("Building the web server (about half a minute) …");
  const failure = await sayWhile("still building", runBuild());
  if (failure !== null) throw new StartError(`${failure}\nThe web server could not be built.`);
  writeFileSync(STAMP, sources);
}

function isBuilt(sources: string): boolean {
  if (!existsSync(".next/BUILD_ID") || !existsSync(STAMP)) return false;
  return readFileSync(STAMP, "utf8") === sources;
}

function hashSources(): string {
  const hash = createHash("sha256");
  for (const file of [...SOURCE_FOLDERS.flatMap(listFiles), ...SOURCE_FILES.filter(existsSync)]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Returns what the build said when it failed, null when it is done. */
async function runBuild(): Promise<string | null> {
  const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const stop = () => child.kill("SIGKILL");
  process.once("exit", stop);
  const code = await new Promise((resolve) => child.once("close", resolve));
  process.off("exit", stop);
  return code === 0 ? null : output;
}
