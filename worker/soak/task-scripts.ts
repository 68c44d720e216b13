import type { SoakTask, TaskKind } from "./random-graphs";

/**
 * Every command notes in the ledger when it begins and when it has ended, in one append each, so the order of the lines is
 * the order of events. The clock is the machine's own, which no test sets and which a shell can read by itself.
 */
const NOTE =
  'note() { read -r up _ </proc/uptime; echo "$1 $DAGLINE_EXECUTION_ID $DAGLINE_ATTEMPT $up $2" >>"$SOAK_LEDGER"; }';

const FLOOD_BYTES = 40_000_000;

const BODIES: Record<TaskKind, (seconds: number) => string> = {
  quick: () => ":",
  steady: (seconds) => `sleep ${seconds}`,
  long: (seconds) => `sleep ${seconds}`,
  reading: (seconds) => `sleep ${seconds}; [ -n "$1" ]`,
  unsteady: (seconds) => `sleep ${seconds}; [ "$DAGLINE_ATTEMPT" -gt 1 ]`,
  failing: (seconds) => `sleep ${seconds}; false`,
  endless: (seconds) => `sleep ${seconds}`,
  stubborn: (seconds) =>
    `trap '' TERM; (setsid sleep 60 &); nohup sleep 60 >/dev/null 2>&1 & sh -c 'sleep 60 &'; sleep ${seconds}`,
  // A line of its own for half of it, one line without an end for the rest, and bytes that are no text.
  noisy: () =>
    `yes | head -c ${FLOOD_BYTES / 2}; head -c ${FLOOD_BYTES / 2} /dev/zero | tr '\\0' x; head -c 2000 /dev/urandom`,
  poisoned: () => ":",
};

export type CommandContext = {
  /** File that all commands append to. */
  ledgerPath: string;
  /** What their processes are recognised by. */
  mark: string;
};

/** The variable in the environment of every process of every command. */
export const MARK_VARIABLE = "SOAK_MARK";

/** What a task runs; `keyOf` gives the key of a task it may read from. */
export function toWorkflowParams(
  task: SoakTask,
  context: CommandContext,
  keyOf: (place: number) => string,
): object {
  const [first] = task.dependsOn;
  const body = BODIES[task.kind](task.seconds);
  const script = `${NOTE}; note s; ${body}; code=$?; echo "by=$DAGLINE_ATTEMPT" >"$TASK_OUTPUT"; note e $code; exit $code`;
  const isReading = task.kind === "reading" && first !== undefined;
  const read = isReading ? ["sh", `\${tasks.${keyOf(first)}.outputs.by}`] : [];
  return {
    image: "alpine:3.20",
    command: ["sh", "-c", script, ...read],
    env: { SOAK_LEDGER: context.ledgerPath, [MARK_VARIABLE]: context.mark },
  };
}
