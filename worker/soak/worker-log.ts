/** What is of interest in the log of one worker. */
export type WorkerLog = {
  /** Times it noticed that its leases may have expired. */
  fences: number;
  /** Attempts it gave up for that reason, without a report. */
  fencedAttempts: number;
  /** Reports that the database refused because their token no longer held. */
  refusedReports: { executionId: string; attempt: number }[];
  /** Lines of level error and fatal. */
  errors: string[];
  lines: string[];
};

/** The id that a worker gives itself in every line. */
export function readWorkerId(log: string): string {
  const id = /"workerId":"([0-9a-f-]{36})"/.exec(log)?.[1];
  if (!id) throw new Error(`A worker did not say its id:\n${log}`);
  return id;
}

/** Reads the JSON lines of a worker's log; a line that is none, of a worker that was killed while it wrote, is passed over. */
export function readWorkerLog(log: string): WorkerLog {
  const lines = log.split("\n").filter(Boolean);
  const entries = lines.map(parse);
  const of = (message: string) => entries.filter((entry) => entry.message === message);
  return {
    fences: of("worker FENCED").length,
    fencedAttempts: of("attempt FENCED").length,
    refusedReports: of("attempt ended")
      .filter(({ answer }) => answer === "lost")
      .map(({ executionId, attempt }) => ({
        executionId: String(executionId),
        attempt: Number(attempt),
      })),
    errors: lines.filter((line) => /"level":"(error|fatal)"/.test(line)),
    lines,
  };
}

/**
 * How old, in milliseconds, a worker's last heartbeat was when it noticed, by what it has just said; null when it said
 * nothing of the kind. More than its lease means that it could not run for so long.
 */
export function readFence(text: string): { workerId: string; ageMs: number } | null {
  const line = text.split("\n").find((each) => each.includes('"worker FENCED"'));
  const { workerId, heartbeatAgeMs } = line ? parse(line) : {};
  if (typeof workerId !== "string" || typeof heartbeatAgeMs !== "number") return null;
  return { workerId, ageMs: heartbeatAgeMs };
}

/** The lines that say something about an execution, or about the worker as a whole while something was wrong. */
export function linesAbout(log: WorkerLog, executionId: string): string[] {
  return log.lines.filter(
    (line) => line.includes(executionId) || /FENCED|failed|recovered|rescued|drain/.test(line),
  );
}

function parse(line: string): Record<string, unknown> {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? { ...entry } : {};
  } catch {
    return {};
  }
}
