import * as z from "zod";
import type { OutputStream } from "@/worker/runners/runner";

/** A piece of what a command printed, as the engine recorded it. */
export type LogRecord = {
  traceId: string;
  stream: OutputStream;
  text: string;
  /** True for the last record of its stream; its text is empty. */
  isEnd: boolean;
};

/** The scope under which the engine records what containers print; the others are its own messages. */
const CONTAINER_SCOPE = "dagger.io/engine.buildkit";

const attributeSchema = z.object({
  key: z.string(),
  value: z
    .object({
      intValue: z.union([z.string(), z.number()]).optional(),
      boolValue: z.boolean().optional(),
    })
    .default({}),
});

const recordSchema = z.object({
  traceId: z.base64().default(""),
  body: z.object({ stringValue: z.string().default("") }).default({ stringValue: "" }),
  attributes: z.array(attributeSchema).default([]),
});

const logsSchema = z.object({
  resourceLogs: z
    .array(
      z.object({
        scopeLogs: z
          .array(
            z.object({
              scope: z.object({ name: z.string().default("") }).default({ name: "" }),
              logRecords: z.array(recordSchema).default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** What containers printed, from one event of the engine's log stream (OpenTelemetry's JSON form), in order. */
export function parseLogRecords(json: string): LogRecord[] {
  const logs = logsSchema.parse(JSON.parse(json));
  const scopes = logs.resourceLogs.flatMap((resource) => resource.scopeLogs);
  const ours = scopes.filter((scope) => scope.scope.name === CONTAINER_SCOPE);
  return ours.flatMap((scope) => scope.logRecords.flatMap(toLogRecord));
}

function toLogRecord(record: z.infer<typeof recordSchema>): LogRecord[] {
  const attributes = new Map(record.attributes.map(({ key, value }) => [key, value]));
  const stream = Number(attributes.get("stdio.stream")?.intValue);
  const isVerbose = attributes.get("dagger.io/logs.verbose")?.boolValue === true;
  if (isVerbose || (stream !== 1 && stream !== 2)) return [];
  return [
    {
      traceId: Buffer.from(record.traceId, "base64").toString("hex"),
      stream: stream === 1 ? "stdout" : "stderr",
      text: record.body.stringValue,
      isEnd: attributes.get("stdio.eof")?.boolValue === true,
    },
  ];
}
