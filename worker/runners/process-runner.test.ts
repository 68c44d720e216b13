import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PipelineStep } from "@/lib/domain/pipeline";
import { describeRunner } from "./conformance";
import type { RunnerFacts } from "./conformance-harness";
import { countProcesses, escapees, noSurvivors, shell, start } from "./conformance-harness";
import { createProcessRunner } from "./process-runner";
import type { Runner } from "./runner";

let dataDir = "";
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dagline-runner-"));
});
afterAll(() => rm(dataDir, { recursive: true }));

const isolations = ["auto", "group"] as const;

/** Whether process namespaces work here; a machine without them runs the other way alone. */
const hasNamespaces =
  process.platform === "linux" &&
  spawnSync("sh", ["-c", "unshare --user --map-current-user --pid --fork --mount-proc true"])
    .status === 0;

function factsOf(isolation: (typeof isolations)[number]): RunnerFacts {
  return {
    createRunner: () => createProcessRunner({ dataDir, isolation }),
    image: null,
    signals: "exact",
    graceful: true,
    bytes: "exact",
    environment: ["HOME", "PATH", "TASK_OUTPUT", "TMPDIR"],
  };
}

for (const isolation of isolations) {
  describeRunner(`the process runner with isolation "${isolation}"`, factsOf(isolation));

  describe(`on this machine, with isolation "${isolation}"`, () => {
    const facts = factsOf(isolation);
    let runner: Runner;
    beforeAll(async () => {
      runner = await facts.createRunner();
    });
    afterAll(() => runner.close());
    const begin = (...steps: Partial<PipelineStep>[]) => start(runner, facts, { steps });

    it("says which way is in use", () => {
      const namespaces = isolation === "auto" && hasNamespaces;
      expect(runner.description).toContain(
        namespaces ? "process namespace of its own" : "no process namespaces",
      );
    });

    it.each(["LD_PRELOAD", "NODE_OPTIONS", "PATH", "TASK_OUTPUT", "A=B"])(
      "refuses the variable %s before anything runs",
      async (name) => {
        const attempt = begin(shell("echo ran"), { ...shell("true"), env: { [name]: "x" } });

        expect(await attempt.outcome).toMatchObject({
          kind: "failed",
          errorClass: "invalid",
          message: expect.stringContaining(name),
        });
        expect(attempt.text("stdout")).toBe("");
      },
    );

    it("refuses a working directory that a link leads out of the folder", async () => {
      const attempt = begin(shell("ln -s / out"), { ...shell("pwd"), workdir: "out/tmp" });

      expect(await attempt.outcome).toMatchObject({ kind: "failed", errorClass: "invalid" });
      expect(attempt.text("stdout")).toBe("");
    });

    it("follows a link that stays inside", async () => {
      const make = shell("mkdir v1; ln -s v1 current");
      const attempt = begin(make, { ...shell("pwd -P"), workdir: "current" });

      await attempt.outcome;
      expect(attempt.text("stdout")).toMatch(/\/v1\n$/);
    });

    it.each([
      ["a link", 'ln -s /etc/passwd "$TASK_OUTPUT"'],
      ["a pipe", 'mkfifo "$TASK_OUTPUT"'],
      ["a folder", 'mkdir "$TASK_OUTPUT"'],
    ])("reads no output from %s", async (_name, script) => {
      const attempt = begin(shell(script));

      expect(await attempt.outcome).toMatchObject({ exitCode: 0, output: null });
    });

    it("says in words that arguments are too large", async () => {
      const attempt = begin({ command: ["echo", "x".repeat(200_000)] });

      expect(await attempt.outcome).toMatchObject({
        kind: "failed",
        errorClass: "invalid",
        message: expect.stringContaining("larger than this machine allows"),
      });
    });

    it("says in words that an argument cannot hold NUL", async () => {
      const attempt = begin({ command: ["echo", "a\0b"] });

      expect(await attempt.outcome).toMatchObject({
        kind: "failed",
        errorClass: "invalid",
        message: expect.stringContaining("NUL"),
      });
    });

    it("runs a program that a step before has made", async () => {
      const make = shell("printf '#!/bin/sh\\necho made\\n' > tool; chmod +x tool");
      const attempt = begin(make, { command: ["./tool"] });

      await attempt.outcome;
      expect(attempt.text("stdout")).toBe("made\n");
    });

    it("names a file that is not executable", async () => {
      const attempt = begin(shell("echo text > notes"), { command: ["./notes"] });

      expect(await attempt.outcome).toMatchObject({
        kind: "failed",
        errorClass: "command_not_found",
        message: expect.stringContaining("./notes"),
      });
    });

    it("starts in an empty folder that nobody else can enter, and removes it", async () => {
      const attempt = begin(
        shell('ls -A; test "$PWD" = "$HOME" && test "$HOME" = "$TMPDIR"; echo $?; ls -ld .; pwd'),
        shell("mkdir -p locked/inner; chmod 000 locked"),
      );

      expect(await attempt.outcome).toMatchObject({ exitCode: 0 });
      const [same, mode, folder = ""] = attempt.text("stdout").trimEnd().split("\n");
      expect(same).toBe("0");
      expect(mode).toMatch(/^drwx------/);
      await expect(readdir(folder)).rejects.toThrow("ENOENT");
    });

    it("leaves nothing alive when the worker is killed", async () => {
      const { mark, script } = escapees();
      const worker = startDoomedWorker(isolation, `${script}\necho ready; sleep 1000`);
      await worker.ready;
      await vi.waitFor(() => expect(countProcesses(mark)).toBeGreaterThanOrEqual(4));
      worker.child.kill("SIGKILL");

      // Without a namespace nobody is left to do it until the next worker starts.
      if (!runner.description.includes("namespace of its own")) {
        await worker.ended;
        await (await facts.createRunner()).close();
      }
      await noSurvivors(mark);
    }, 20_000);

    it("leaves nothing alive when the worker is stopped and then killed", async () => {
      const { mark, script } = escapees();
      const worker = startDoomedWorker(isolation, `${script}\necho ready; sleep 1000`);
      await worker.ready;
      worker.child.kill("SIGSTOP");
      expect(countProcesses(mark)).toBeGreaterThanOrEqual(1);
      worker.child.kill("SIGKILL");

      if (!runner.description.includes("namespace of its own")) {
        await worker.ended;
        await (await facts.createRunner()).close();
      }
      await noSurvivors(mark);
    }, 20_000);
  });
}

describe.runIf(hasNamespaces)("a command in its process namespace", () => {
  const facts = factsOf("auto");
  let runner: Runner;
  beforeAll(async () => {
    runner = await facts.createRunner();
  });
  afterAll(() => runner.close());

  it("sees no process of the worker", async () => {
    const attempt = start(runner, facts, { steps: [shell("ls -d /proc/[0-9]* | wc -l")] });

    await attempt.outcome;
    expect(Number(attempt.text("stdout"))).toBeLessThan(6);
  });

  it("leaves no zombies while it runs", async () => {
    const script =
      "for i in 1 2 3 4 5; do (sleep 0.01 &) ; done; sleep 0.3; ls -d /proc/[0-9]* | wc -l";
    const attempt = start(runner, facts, { steps: [shell(script)] });

    await attempt.outcome;
    expect(Number(attempt.text("stdout"))).toBeLessThan(6);
  });

  it("is asked to end even in a session of its own", async () => {
    const child = "trap 'echo heard; exit' TERM; echo ready; while :; do sleep 0.02; done";
    const script = "setsid sh -c \"$1\" & trap 'wait; exit' TERM; wait";
    const attempt = start(runner, facts, { steps: [shell(script, child)] });
    await attempt.printed("ready");
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual({ kind: "stopped" });
    expect(attempt.text("stdout")).toBe("ready\nheard\n");
  });

  it("may hang in SIGSTOP and is killed all the same", async () => {
    const attempt = start(runner, facts, {
      steps: [shell("trap '' TERM; echo ready; kill -s STOP $$; sleep 1000")],
      graceMs: 300,
    });
    await attempt.printed("ready");
    attempt.stop.abort();

    expect(await attempt.outcome).toEqual({ kind: "stopped" });
  });
});

describe("the work folders", () => {
  it("of workers that are gone are removed at the start, those of living ones stay", async () => {
    const living = await createProcessRunner({ dataDir });
    const facts = factsOf("auto");
    const attempt = start(living, facts, { steps: [shell("pwd; echo ready; exec sleep 1000")] });
    await attempt.printed("ready");
    const [folder = ""] = attempt.text("stdout").split("\n");
    const [name = ""] = (await readdir(join(dataDir, "work"))).filter((entry) =>
      folder.includes(entry),
    );
    const [place, , birth] = name.split(".");
    const abandoned = join(dataDir, "work", `${place}.4194305.${birth}.00000000`);
    const reused = join(dataDir, "work", `${place}.${process.pid}.000000000000.00000000`);
    const elsewhere = join(dataDir, "work", `ffffffffffff.1.000000000000.00000000`);
    for (const path of [abandoned, reused, elsewhere]) {
      await mkdir(join(path, "attempt", "work"), { recursive: true });
      await writeFile(join(path, "attempt", "work", "file"), "");
    }
    // Not even their owner may empty it as it is.
    await chmod(join(abandoned, "attempt", "work"), 0o500);

    await (await createProcessRunner({ dataDir })).close();

    const left = await readdir(join(dataDir, "work"));
    expect(left).toContain(name);
    expect(left.map((entry) => join(dataDir, "work", entry))).toContain(elsewhere);
    expect(
      left.filter((entry) => [abandoned, reused].includes(join(dataDir, "work", entry))),
    ).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    attempt.kill.abort();
    await attempt.outcome;
    await living.close();
    await rm(elsewhere, { recursive: true });
    expect(await readdir(join(dataDir, "work"))).toEqual([]);
  });
});

function startDoomedWorker(isolation: string, script: string) {
  const file = new URL("./process/doomed-worker.ts", import.meta.url).pathname;
  const args = ["--import", "tsx", file, dataDir, isolation, script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((settle) => child.once("close", settle));
  const ready = new Promise<void>((settle, fail) => {
    child.stdout.on("data", (chunk) => String(chunk).includes("ready") && settle());
    child.once("exit", () => fail(new Error("The worker ended too early.")));
  });
  return { child, ended, ready };
}
