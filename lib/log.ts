import pino from "pino";
import { getLogLevel } from "./config";
import { serializeError } from "./serialize-error";

/**
 * One JSON line per event on standard output: `log.info({ executionId }, "execution claimed")`. The message is constant
 * text in the past tense; what differs goes into fields. `log.child({ workerId })` adds fields to all its lines.
 */
export const log: pino.Logger = pino({
  level: getLogLevel(),
  base: null,
  messageKey: "message",
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  serializers: { error: (error) => serializeError(error) },
});
