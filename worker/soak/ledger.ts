import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a command noted: `s` when it began, `e` when it had ended, with its exit code. */
export type LedgerLine = {
  /** Its place among all lines: the order in which they were written. */
  place: number;
  kind: "s" | "e";
  executionId: string;
  attempt: number;
  /** Milliseconds since 1970, by the clock that the soak's own times are from; exact to a hundredth of a second. */
  at: number;
  exitCode: number | null;
};

/** The file in which the commands themselves say that they ran: what happened, whatever the database believes. */
export class Ledger {
  readonly path: string;
  readonly #bootedAt: number;

  constructor(dir: string) {
    this.path = join(dir, "ledger");
    writeFileSync(this.path, "");
    this.#bootedAt = Date.now() - readUptimeSeconds() * 1000;
  }

  read(): LedgerLine[] {
    const lines = readFileSync(this.path, "utf8").split("\n").filter(Boolean);
    return lines.map((line, place) => {
      const [kind, executionId = "", attempt, uptime, exitCode] = line.split(" ");
      if (kind !== "s" && kind !== "e") throw new Error(`The ledger has a line "${line}".`);
      const at = this.#bootedAt + Number(uptime) * 1000;
      return {
        place,
        kind,
        executionId,
        attempt: Number(attempt),
        at: Math.round(at),
        exitCode: kind === "e" ? Number(exitCode) : null,
      };
    });
  }
}

function readUptimeSeconds(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
}
