import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

function listSources(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => path.join(folder, name));
}

/** Modules a file imports, in any way. */
function listImports(source: string): string[] {
  const statements = source.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'`]([^"'`]+)["'`]/g);
  return [...statements].map(([, name]) => name ?? "");
}

const isWorker = (name: string) => /^(@\/worker\/|@dagger\.io\/|(\.\.\/)+worker\/)/.test(name);

describe("the web server's code", () => {
  it.each(["app", "components", "lib"])("in %s never imports the worker or Dagger", (folder) => {
    // What is for tests alone never gets into the web server.
    const files = listSources(folder).filter((file) => !/\.test\.|\/testing\//.test(file));
    const offenders = files.filter((file) =>
      listImports(readFileSync(file, "utf8")).some(isWorker),
    );

    expect(files.length).toBeGreaterThan(0);
    expect(offenders).toEqual([]);
  });
});

describe("the worker's code", () => {
  it("imports Dagger only when it is first needed", () => {
    const files = listSources("worker");
    const eager = files.filter((file) =>
      /^import (?!type\b)[^;]*"@dagger\.io\/dagger"/m.test(readFileSync(file, "utf8")),
    );

    expect(eager).toEqual([]);
  });
});

describe("the search for imports", () => {
  it.each([
    'import { a } from "@/worker/poller";',
    'import "@dagger.io/dagger";',
    'await import("@/worker/poller");',
    'export { a } from "../../worker/poller";',
    'const a = require("@dagger.io/dagger");',
    'import {\n  a,\n} from "@/worker/poller";',
  ])("finds %j", (source) => expect(listImports(source).some(isWorker)).toBe(true));
});
