import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findFreePort } from "./postgres/launch";
import { processIdentity } from "./postgres/process-info";

type Launch = { process: ChildProcess; output: () => string; exited: Promise<number | null> };
type Noted = { name: string; pid: number };

let dataDir: string;
let port: number;
let launches: Launch[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "dagline-start-"));
  port = await findFreePort();
  launches = [];
});

afterEach(async () => {
  for (const launch of launches) {
    launch.process.kill("SIGTERM");
    await launch.exited;
  }
  rmSync(dataDir, { recursive: true, force: true });
});

function launch(env: Record<string, string> = {}): Launch {
  const child = spawn(process.execPath, ["worker/start.mjs"], {
    stdio: ["ignore", "pipe", "pipe"],
    // biome-ignore lint/style/noProcessEnv: handed on as it is, besides what the test states
    env: { ...process.env, DATABASE_URL: "", DATA_DIR: dataDir, PORT: String(port), ...env },
  });
  let output = "";
  const collect = (text: unknown) => {
    output += String(text);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const exited = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  const launched = { process: child, output: () => output, exited };
  launches.push(launched);
  return launched;
}

async function launchUntilReady(env?: Record<string, string>): Promise<Launch> {
  const launched = launch(env);
  await vi.waitFor(() => expect(launched.output()).toContain("Dagline runs at"), {
    timeout: 100_000,
  });
  return launched;
}

function noted(): Noted[] {
  return JSON.parse(readFileSync(join(dataDir, "instance.json"), "utf8")).processes;
}

function pidOf(name: string): number {
  return noted().find((process) => process.name === name)?.pid ?? 0;
}

function databasePid(): number {
  const file = join(dataDir, "postgres/cluster/postmaster.pid");
  return Number(readFileSync(file, "utf8").split("\n")[0]);
}

async function health(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/api/health`)).status;
}

describe("npm start", () => {
  it("starts everything, prints one line with the address, and stops it all in order", async () => {
    const product = await launchUntilReady();
    const processes = [pidOf("web server"), pidOf("worker"), databasePid()];
    expect(product.output().match(/http:/g)).toHaveLength(1);
    expect(product.output()).toContain(`Dagline runs at http://127.0.0.1:${port}\n`);
    expect(await health()).toBe(200);

    product.process.kill("SIGINT");

    expect(await product.exited).toBe(0);
    expect(processes.map(processIdentity)).toEqual([null, null, null]);
    expect(noted()).toEqual([]);
  });

  it("starts again after kill -9, without what was left behind in its way", async () => {
    const killed = await launchUntilReady();
    const left = [pidOf("web server"), databasePid()];
    killed.process.kill("SIGKILL");
    await killed.exited;

    await launchUntilReady();

    expect(await health()).toBe(200);
    expect(left).not.toContain(pidOf("web server"));
    expect(processIdentity(left[0] ?? 0)).toBeNull();
  });

  it("brings back web server and database when they are killed", async () => {
    const product = await launchUntilReady();
    process.kill(pidOf("web server"), "SIGKILL");
    process.kill(databasePid(), "SIGKILL");

    await vi.waitFor(
      async () => {
        expect(product.output()).toContain("The web server ended unexpectedly (SIGKILL)");
        expect(product.output()).toContain("The database ended unexpectedly");
        expect(await health()).toBe(200);
      },
      { timeout: 30_000, interval: 100 },
    );
  });

  it("ends web server and worker when the launcher is gone", async () => {
    const killed = await launchUntilReady();
    const left = [pidOf("web server"), pidOf("worker"), databasePid()];

    killed.process.kill("SIGKILL");

    await vi.waitFor(() => expect(left.map(processIdentity)).toEqual([null, null, null]), {
      timeout: 60_000,
      interval: 100,
    });
  });

  it("refuses a second start on the same data folder", async () => {
    const product = await launchUntilReady();

    const second = launch({ PORT: String(await findFreePort()) });

    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`Dagline runs here already, at http://127.0.0.1:${port}`);
    expect(pidOf("launcher")).toBe(product.process.pid);
  });

  describe("refuses with one sentence", () => {
    let taken: Server | undefined;

    afterEach(() => {
      taken?.close();
      taken = undefined;
    });

    async function refusal(env: Record<string, string>): Promise<string> {
      const refused = launch(env);
      expect(await refused.exited).toBe(1);
      const lines = refused.output().trim().split("\n");
      return lines.at(-1) ?? "";
    }

    it("a port that is taken", async () => {
      taken = createServer().listen(port, "127.0.0.1");
      await once(taken, "listening");

      expect(await refusal({})).toBe(
        `Port ${port} is in use by another program: stop that one, or set PORT to another port, as in PORT=${port + 1} npm start.`,
      );
    });

    it("a host that is not of this machine", async () => {
      expect(await refusal({ HOST: "192.0.2.1" })).toMatch(
        /^HOST is "192.0.2.1", but Dagline has no accounts/,
      );
    });

    it("a malformed variable", async () => {
      expect(await refusal({ PORT: "abc" })).toBe(
        'PORT is "abc", but must be a whole number from 1 to 65535.',
      );
    });

    it("a database that does not exist", async () => {
      await launchUntilReady();
      const environment = readFileSync(`/proc/${pidOf("web server")}/environ`, "utf8").split("\0");
      const url = environment.find((entry) => entry.startsWith("DATABASE_URL="))?.slice(13) ?? "";

      const other = mkdtempSync(join(tmpdir(), "dagline-start-"));
      const missing = url.replace(/postgres$/, "missing");
      const last = await refusal({
        DATABASE_URL: missing,
        DATA_DIR: other,
        PORT: String(await findFreePort()),
      });
      rmSync(other, { recursive: true });

      expect(last).toMatch(
        /missing cannot be used: database "missing" does not exist\. Check DATABASE_URL/,
      );
      expect(last).not.toContain(new URL(url).password);
    });
  });
});
