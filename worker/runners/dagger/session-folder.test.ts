import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createSessionFolder } from "./session-folder";

vi.setConfig({ testTimeout: 60_000 });

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "dagline-folders-"));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

const module = fileURLToPath(new URL("session-folder.ts", import.meta.url));
const script = `
  import { createSessionFolder } from ${JSON.stringify(module)};
  console.log(await createSessionFolder(process.argv[1]));
  process.stdin.resume();`;
const args = ["--import", "tsx", "--input-type=module", "-e", script];

it("removes the folders of processes that were killed, and no others", async () => {
  const killed = spawn(process.execPath, [...args, parent]);
  const [line] = await once(killed.stdout, "data");
  const left = String(line).trim();
  writeFileSync(join(left, "file"), "");
  const own = await createSessionFolder(parent);
  expect(existsSync(left)).toBe(true);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const others = ["dagline-dagger-x1Y2z3", "dagline-dagger-elsewhere.1.2.x1Y2z3", "other"];
  for (const name of others) mkdirSync(join(parent, name));
  const link = join(parent, basename(left).replace(/\.[^.]+$/, ".linked"));
  symlinkSync(join(parent, "other"), link);

  const next = await createSessionFolder(parent);

  expect(existsSync(left)).toBe(false);
  for (const kept of [own, next, link]) expect(existsSync(kept)).toBe(true);
  for (const name of others) expect(existsSync(join(parent, name))).toBe(true);
});
