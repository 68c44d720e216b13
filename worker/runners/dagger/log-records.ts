import * as z from "zod";
import type { OutputStream } from "@/worker/runners/runner";
import { createObjectCutter } from "./object-cutter";

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

const scopeSchema = z.object({ name: z.string().default("") });

/**
 * Reads one event of the engine's log stream (an OpenTelemetry request as JSON, which has each scope before its records). Each
 * call takes the next piece of it and returns what containers printed, in order. Up to 1,000 records come in one event, and
 * one after the other they need only the memory of one.
 */
export function createRecordReader(): (piece: string) => LogRecord[] {
  const cutObjects = createObjectCutter(["scope", "logRecords"]);
  let isOurs = false;
  return (piece) =>
    cutObjects(piece).flatMap(({ key, json }) => {
      const value: unknown = JSON.parse(json);
      if (key === "scope") isOurs = scopeSchema.parse(value).name === CONTAINER_SCOPE;
      return key === "logRecords" && isOurs ? toLogRecord(recordSchema.parse(value)) : [];
    });
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
