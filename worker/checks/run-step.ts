import { spawn } from "node:child_process";
import { say } from "@/worker/launcher/say";

export type Step = {
  name: string;
  /** A script of an installed package, with its arguments. */
  command: string[];
  env?: Record<string, string>;
};

export type StepResult = { ok: boolean; seconds: number };

const PROGRESS_INTERVAL_MS = 30_000;

/** Runs one step; prints its output when it failed, else one line with its time. */
export async function runStep({ name, command, env }: Step): Promise<StepResult> {
  const started = Date.now();
  const passed = () => Math.round((Date.now() - started) / 100) / 10;
  say(`── ${name}`);
  const progress = setInterval(() => say(`   still running, ${passed()} s`), PROGRESS_INTERVAL_MS);
  // biome-ignore lint/style/noProcessEnv: handed on as it is
  const { code, output } = await run(command, { ...process.env, ...env });
  clearInterval(progress);
  const ok = code === 0;
  if (!ok) say(output.trimEnd());
  say(`   ${ok ? "ok" : "FAILED"}, ${passed()} s`);
  return { ok, seconds: passed() };
}

async function run(command: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, output };
}
