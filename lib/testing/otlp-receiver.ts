import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import * as z from "zod";

const attributesSchema = z
  .array(
    z.object({
      key: z.string(),
      value: z.object({ stringValue: z.string().optional(), intValue: z.number().optional() }),
    }),
  )
  .transform((list) =>
    Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue])),
  );

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: attributesSchema,
  events: z.array(z.object({ name: z.string(), timeUnixNano: z.string() })),
  status: z.object({ code: z.number(), message: z.string().optional() }),
});

const requestSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: attributesSchema }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

/** A span as it came over the wire; `resource` says who sent it. */
type ReceivedSpan = z.infer<typeof spanSchema> & {
  resource: Record<string, string | number | undefined>;
};

export type OtlpReceiver = {
  /** As in OTEL_EXPORTER_OTLP_ENDPOINT. */
  endpoint: string;
  spans: ReceivedSpan[];
  /** Headers of the last request. */
  headers: IncomingMessage["headers"];
  /** `hang` takes requests and never answers. */
  mode: "take" | "refuse" | "hang";
  requests: number;
  close: () => void;
};

/** A collector for traces, by OTLP over HTTP as JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const server = createServer((request, response) => {
    void answer(receiver, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // listens on TCP
  const receiver: OtlpReceiver = {
    endpoint: `http://127.0.0.1:${port}`,
    spans: [],
    headers: {},
    mode: "take",
    requests: 0,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}

async function answer(
  receiver: OtlpReceiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  receiver.requests++;
  receiver.headers = request.headers;
  if (receiver.mode === "hang") return;
  if (receiver.mode === "refuse" || request.url !== "/v1/traces") {
    response.writeHead(400).end();
    return;
  }
  receiver.spans.push(...spansOf(requestSchema.parse(await json(request))));
  response.setHeader("content-type", "application/json").end("{}");
}

function spansOf({ resourceSpans }: z.infer<typeof requestSchema>): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, resource: resource.attributes })),
    ),
  );
}
