import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_LIMIT_MS = 180_000;

/** Starts the product as a user would, with a database of its own; returns what stops it and takes all away. */
// biome-ignore lint/style/noDefaultExport: Playwright wants one
export default async function startProduct(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "dagline-e2e-"));
  const port = await findFreePort();
  const product = spawn(process.execPath, ["worker/start.mjs"], {
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
    },
  });
  const stop = async () => {
    if (product.exitCode === null) {
      product.kill("SIGTERM");
      await once(product, "exit");
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    // biome-ignore lint/style/noProcessEnv: the way of Playwright to tell its test processes
    process.env.E2E_BASE_URL = await readAddress(product);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

function readAddress(product: ChildProcess): Promise<string> {
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
    product.stdout?.on("data", read);
    product.stderr?.on("data", read);
    product.once("exit", (code) => fail(`ended with exit code ${code}`));
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  server.close();
  return port;
}
