import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { findProcesses } from "./processes";

const START_LIMIT_MS = 180_000;

const instanceSchema = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.number() })),
});

export type Product = {
  address: string;
  /** The process that does this part of the product now. */
  pidOf: (part: "worker" | "web server" | "database") => number;
  /** Stops it and takes all its data away. */
  stop: () => Promise<void>;
};

/** Starts the product as a user would, with a port and a database of its own. */
export async function launchProduct(settings: Record<string, string> = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), "dagline-e2e-"));
  const port = await findFreePort();
  const launcher = spawn(process.execPath, ["worker/start.mjs"], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      // biome-ignore lint/style/noProcessEnv: handed on as it is, besides what follows
      ...process.env,
      HOST: "127.0.0.1",
      PORT: String(port),
      DATA_DIR: dataDir,
      // Set to nothing, these count as not set, whatever a developer's .env says.
      DATABASE_URL: "",
      APP_URL: "",
      RUNNER: "process",
      ...settings,
    },
  });
  const stop = async () => {
    if (launcher.exitCode === null && launcher.signalCode === null) {
      launcher.kill("SIGTERM");
      await once(launcher, "exit");
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const address = await readAddress(launcher);
    return { address, stop, pidOf: (part) => findPid(dataDir, part) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readAddress(launcher: ChildProcess): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The product ${why}. It said:\n${output}`));
    const timer = setTimeout(() => fail("was not ready in time"), START_LIMIT_MS);
    const read = (text: unknown) => {
      output += String(text);
      const address = /Dagline runs at (\S+)/.exec(output)?.[1];
      if (address) resolve(address);
      if (address) clearTimeout(timer);
    };
    launcher.stdout?.on("data", read);
    launcher.stderr?.on("data", read);
    launcher.once("exit", (code) => fail(`ended with exit code ${code}`));
  });
}

function findPid(dataDir: string, part: string): number {
  if (part === "database") return findPostgres(join(dataDir, "postgres/cluster"));
  const { processes } = instanceSchema.parse(
    JSON.parse(readFileSync(join(dataDir, "instance.json"), "utf8")),
  );
  const found = processes.find(({ name }) => name === part);
  if (!found) throw new Error(`The launcher has noted no ${part}.`);
  return found.pid;
}

/** While it is started, its file names the launcher, which nobody means to meet. */
function findPostgres(cluster: string): number {
  const [line] = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  const pid = findProcesses(cluster).find((each) => each === Number(line));
  if (pid === undefined) throw new Error("PostgreSQL does not run.");
  return pid;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  server.close();
  return port;
}
