import pino from "pino";
import { getLogLevel } from "./config";
import { serializeError } from "./serialize-error";

// On globalThis, since Next.js bundles this file once for every route: one listener for all, and the lines in their order.
const shared = globalThis as typeof globalThis & { daglineLogOutput?: pino.DestinationStream }; // ours alone, by its name
shared.daglineLogOutput ??= gatherLines();

/**
 * One JSON line per event on standard output: `log.info({ executionId }, "execution claimed")`. The message is constant
 * text in the past tense; what differs goes into fields. `log.child({ workerId })` adds fields to all its lines.
 */
export const log: pino.Logger = pino(
  {
    level: getLogLevel(),
    base: null,
    messageKey: "message",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: (error) => serializeError(error) },
  },
  shared.daglineLogOutput,
);

/** Lines of the same moment are written together: a busy worker has thousands a second, and a write for each is dear. */
function gatherLines(): pino.DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let lines = "";
  const flush = () => {
    if (lines !== "") output.write(lines);
    lines = "";
  };
  process.once("exit", flush);
  return {
    write: (line) => {
      if (lines === "") setImmediate(flush);
      lines += line;
    },
  };
}
