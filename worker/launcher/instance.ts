import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { processIdentity } from "@/worker/postgres/process-info";
import { say } from "./say";
import { StartError } from "./start-error";

const processSchema = z.object({ name: z.string(), pid: z.number(), identity: z.string() });
const instanceSchema = z.object({
  address: z.string(),
  /** The launcher first, then the processes it started. */
  processes: z.array(processSchema),
  databasePort: z.number().optional(),
});
type Noted = z.infer<typeof processSchema>;

const STOP_LIMIT_MS = 5_000;

/** What runs on this data folder, noted in a file, so that a start after a crash of the launcher finds what was left. */
export class Instance {
  private readonly file: string;
  private noted: z.infer<typeof instanceSchema>;
  private readonly previous: z.infer<typeof instanceSchema> | null;

  constructor(dataDir: string, address: string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    this.file = join(dataDir, "instance.json");
    this.previous = readInstance(this.file);
    this.noted = { address, processes: [], databasePort: this.previous?.databasePort };
  }

  /** The port of the database at the last start, which processes left behind may still use. */
  get databasePort(): number | undefined {
    return this.noted.databasePort;
  }

  /** Throws a StartError when another launcher works on this data folder; stops what a dead one left behind. */
  async takeOver(): Promise<void> {
    const [launcher, ...others] = this.previous?.processes ?? [];
    if (launcher && isAlive(launcher)) {
      throw new StartError(
        `Dagline runs here already, at ${this.previous?.address} (process ${launcher.pid}): stop it first, or set DATA_DIR to another folder.`,
      );
    }
    await Promise.all(others.filter(isAlive).map(stopLeftOver));
    this.add("launcher", process.pid);
  }

  add(name: string, pid: number): void {
    const identity = processIdentity(pid);
    const others = this.noted.processes.filter((noted) => noted.name !== name);
    if (identity) this.write({ processes: [...others, { name, pid, identity }] });
  }

  addDatabasePort(databasePort: number): void {
    this.write({ databasePort });
  }

  /** Nothing runs any more. Does nothing where another launcher was found at work. */
  clear(): void {
    const own = this.noted.processes.length > 0;
    if (own) this.write({ processes: [] });
  }

  private write(change: Partial<z.infer<typeof instanceSchema>>): void {
    const noted = { ...this.noted, ...change };
    writeFileSync(this.file, JSON.stringify(noted), { mode: 0o600 });
    this.noted = noted;
  }
}

function readInstance(file: string): z.infer<typeof instanceSchema> | null {
  if (!existsSync(file)) return null;
  try {
    return instanceSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Half written when the power failed, or from another version: then nothing of it runs.
    return null;
  }
}

function isAlive({ pid, identity }: Noted): boolean {
  return processIdentity(pid) === identity;
}

async function stopLeftOver(left: Noted): Promise<void> {
  say(`Stopping the ${left.name} that an earlier start left behind …`);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isAlive(left)) return;
    process.kill(left.pid, signal);
    const deadline = Date.now() + STOP_LIMIT_MS;
    while (isAlive(left) && Date.now() < deadline) await sleep(20);
  }
}
