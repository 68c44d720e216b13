import { readdirSync, readFileSync } from "node:fs";

/** Process ids of this machine whose command line holds a text; used to see that nothing of a task survives. */
export function findProcesses(mark: string): number[] {
  return listProcesses().filter((pid) => readCommandLine(pid).includes(mark));
}

export type MarkedProcess = { pid: number; commandLine: string; env: Record<string, string> };

/** Processes of this machine whose environment holds a variable with this value, as in "NAME=value". */
export function findMarkedProcesses(variable: string): MarkedProcess[] {
  return listProcesses().flatMap((pid) => {
    const variables = readProcessFile(pid, "environ").split("\0");
    if (!variables.includes(variable)) return [];
    const env = Object.fromEntries(variables.map(splitVariable));
    return { pid, commandLine: readCommandLine(pid), env };
  });
}

function listProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number);
}

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf("=");
  return [variable.slice(0, at), variable.slice(at + 1)];
}

function readCommandLine(pid: number): string {
  return readProcessFile(pid, "cmdline").replaceAll("\0", " ");
}

function readProcessFile(pid: number, file: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}
