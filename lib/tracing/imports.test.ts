import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const folders = ["app", "components", "lib", "worker"];

function listSources(): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) =>
      path.join(folder, name),
    ),
  );
  const sources = files.filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.|\/testing\//.test(file),
  );
  return [...sources, "instrumentation.ts", "proxy.ts"];
}

/** Files that load one of these modules as soon as they are loaded themselves. */
function findEager(module: RegExp): string[] {
  return listSources().filter((file) => {
    const imports = readFileSync(file, "utf8").matchAll(/^import (?!type\b)[^;]*?"([^"]+)"/gm);
    return [...imports].some(([, name]) => module.test(name ?? ""));
  });
}

describe("what is needed only behind a setting", () => {
  it("is loaded by its own files alone: OpenTelemetry", () => {
    expect(findEager(/^@opentelemetry\//)).toEqual(["lib/tracing/span-sink.ts"]);
    expect(findEager(/\/span-sink$/)).toEqual(["lib/tracing/tracing.ts"]);
    expect(findEager(/\/tracing$/)).toEqual([]);
  });

  it("is loaded by its own files alone: the client of Prometheus", () => {
    expect(findEager(/^prom-client$/)).toEqual(["lib/metrics.ts", "worker/metrics.ts"]);
    expect(findEager(/^@\/lib\/metrics$/)).toEqual(["app/metrics/route.ts"]);
    expect(findEager(/^\.\/metrics$/)).toEqual(["worker/metrics-server.ts"]);
    expect(findEager(/\/metrics-server$/)).toEqual([]);
  });
});
