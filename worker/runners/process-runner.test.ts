import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { describeRunner } from "./conformance";
import { createProcessRunner } from "./process-runner";

let dataDir = "";
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dagline-runner-"));
});
afterAll(() => rm(dataDir, { recursive: true }));

for (const isolation of ["auto", "group"] as const) {
  describeRunner(`the process runner with isolation "${isolation}"`, {
    createRunner: () => createProcessRunner({ dataDir, isolation }),
    image: null,
    signals: "exact",
    graceful: true,
    bytes: "exact",
    environment: ["HOME", "PATH", "TASK_OUTPUT", "TMPDIR"],
  });
}
