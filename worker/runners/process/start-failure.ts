import type { RunOutcome } from "@/worker/runners/runner";

type Failed = Extract<RunOutcome, { kind: "failed" }>;

/** Work that the process runner cannot or must not start, with a sentence for people. */
export class WorkRefused extends Error {
  readonly errorClass: Failed["errorClass"];

  constructor(errorClass: Failed["errorClass"], message: string) {
    super(message);
    this.errorClass = errorClass;
  }
}

/** What an error on the way to a running command means for the attempt; what is a bug of ours is thrown again. */
export function toFailure(error: unknown): Failed {
  if (error instanceof WorkRefused) {
    return { kind: "failed", errorClass: error.errorClass, message: error.message };
  }
  const code = getCode(error);
  if (code === "E2BIG") {
    const message =
      "The command's arguments and variables together are larger than this machine allows; hand large data over in a file.";
    return { kind: "failed", errorClass: "invalid", message };
  }
  if (code === "ERR_INVALID_ARG_VALUE") {
    const message =
      "An argument or a variable holds a NUL character, which no program can be given.";
    return { kind: "failed", errorClass: "invalid", message };
  }
  if (code === "ENAMETOOLONG") {
    const message = "The working directory has a name that is too long for this machine.";
    return { kind: "failed", errorClass: "invalid", message };
  }
  if (code === null || code.startsWith("ERR_")) throw error;
  const message = `This machine could not start the command (${code}); it may be out of disk space, processes or memory.`;
  return { kind: "failed", errorClass: "infrastructure", message };
}

/** The code of an error of the operating system or of Node; null when it has none. */
export function getCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : null;
}
