import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processIdentity } from "./process-info";

/** Notes that this process is the one that will stop the server. */
export function becomeOwner(dir: string): void {
  writeFileSync(join(dir, "owner"), `${process.pid}\n${processIdentity(process.pid)}\n`);
}

/** Whether another live process has started the server and will stop it. */
export function isOwnedByOther(dir: string): boolean {
  const path = join(dir, "owner");
  if (!existsSync(path)) return false;
  const [pid, identity] = readFileSync(path, "utf8").split("\n");
  if (Number(pid) === process.pid) return false;
  return processIdentity(Number(pid)) === identity;
}
