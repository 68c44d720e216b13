import { closeSync, constants, openSync, unlinkSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { OutputStream, RunRequest } from "@/worker/runners/runner";
import { SYSTEM_PATH, startProcess } from "./launcher";

const CHECK_EVERY_MS = 500;
const MAX_CHECKS = 20;

export type OutputPipes = {
  /** Descriptors for a command to write to. */
  stdout: number;
  stderr: number;
  /** Closes our side; resolves when everything that was written has been passed on. */
  close: () => Promise<void>;
};

/**
 * Real pipes for a command's output, passed on as it arrives. The pipes that Node makes are sockets, and those cannot be
 * opened by name: `echo failed > /dev/stderr` would end with an error.
 */
export async function openOutputPipes(
  folder: string,
  onOutput: RunRequest["onOutput"],
): Promise<OutputPipes> {
  const names = { stdout: join(folder, "stdout"), stderr: join(folder, "stderr") };
  const { ended } = await startProcess(["mkfifo", "-m", "600", names.stdout, names.stderr], {
    cwd: folder,
    env: { PATH: SYSTEM_PATH },
    stdio: "ignore",
  });
  await ended;
  const stdout = openPipe(names.stdout, "stdout", onOutput);
  const stderr = openPipe(names.stderr, "stderr", onOutput);
  return {
    stdout: stdout.descriptor,
    stderr: stderr.descriptor,
    close: async () => {
      await Promise.all([stdout.close(), stderr.close()]);
    },
  };
}

function openPipe(name: string, stream: OutputStream, onOutput: RunRequest["onOutput"]) {
  // Without O_NONBLOCK, opening the reading side would wait for somebody to write.
  const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openSync(name, constants.O_WRONLY);
  unlinkSync(name);

  const reader = new Socket({ fd: reading, readable: true, writable: false });
  let arrived = 0;
  reader.on("data", (chunk: Buffer) => {
    arrived += 1;
    onOutput(stream, chunk);
  });
  const ended = new Promise<void>((settle) => {
    reader.once("close", () => settle());
  });
  const close = async () => {
    closeSync(descriptor);
    const giveUp = stopWhenIdle(reader, () => arrived);
    await ended;
    clearInterval(giveUp);
  };
  return { descriptor, close };
}

/**
 * Closes a pipe that something outside our reach holds open: when nothing came between two checks, or after the last check.
 * A single deadline could pass while this process was busy and drop what lies in the pipe.
 */
function stopWhenIdle(reader: Socket, count: () => number): NodeJS.Timeout {
  let checks = 0;
  let seen = -1;
  return setInterval(() => {
    checks += 1;
    if (count() === seen || checks === MAX_CHECKS) reader.destroy();
    seen = count();
  }, CHECK_EVERY_MS);
}
