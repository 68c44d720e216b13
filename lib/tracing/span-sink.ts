import { type HrTime, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import type { Logger } from "pino";
import type { Config } from "@/lib/config";
import type { SpanFacts } from "./spans";

/** Ended spans that may wait for the collector; what comes beyond is dropped. */
const MAX_WAITING_SPANS = 8192;
const EXPORT_INTERVAL_MS = 500;

/** Takes spans that have ended, and sends them to a collector in the background. */
export type SpanSink = { add: (span: SpanFacts) => void; close: () => Promise<void> };

/**
 * Opens the way to an OpenTelemetry collector. What cannot be sent in time is dropped; nothing ever waits for it. Nothing is
 * registered globally, so no library of this process begins to trace by itself.
 */
export function openSpanSink(options: {
  tracing: NonNullable<Config["tracing"]>;
  /** Tells this process from others that send spans. */
  instanceId: string;
  log: Logger;
}): SpanSink {
  const { tracing, instanceId, log } = options;
  const exporter = new OTLPTraceExporter({ url: tracing.url, headers: tracing.headers });
  const ids = new GivenIds();
  const provider = new BasicTracerProvider({
    idGenerator: ids,
    resource: resourceFromAttributes({
      "service.name": tracing.serviceName,
      "service.instance.id": instanceId,
    }),
    spanProcessors: [
      new BatchSpanProcessor(tellOfFailures(exporter, log), {
        maxQueueSize: MAX_WAITING_SPANS,
        scheduledDelayMillis: EXPORT_INTERVAL_MS,
      }),
    ],
  });
  const tracer = provider.getTracer("dagline");

  return {
    add: (facts) => {
      const { traceId, spanId, parentSpanId, name, attributes } = facts;
      ids.give({ traceId, spanId });
      const parent = parentSpanId
        ? trace.setSpanContext(ROOT_CONTEXT, {
            traceId,
            spanId: parentSpanId,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          })
        : ROOT_CONTEXT;
      const span = tracer.startSpan(
        name,
        { startTime: toTime(facts.startedAt), attributes },
        parent,
      );
      for (const event of facts.events) span.addEvent(event.name, {}, toTime(event.at));
      if (facts.error !== null)
        span.setStatus({ code: SpanStatusCode.ERROR, message: facts.error });
      span.end(toTime(facts.endedAt));
    },
    close: () => provider.shutdown(),
  };
}

/** Ids for the next span; the interface of the library has no other place for them. */
class GivenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: { traceId: string; spanId: string | null } | null = null;

  give(next: { traceId: string; spanId: string | null }): void {
    this.#next = next;
  }

  generateTraceId(): string {
    return this.#next?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#next?.spanId ?? this.#random.generateSpanId();
  }
}

/** A number of milliseconds would be taken for one since the start of the process where it is small enough. */
function toTime(seconds: number): HrTime {
  const whole = Math.floor(seconds);
  return [whole, Math.round((seconds - whole) * 1e6) * 1000];
}

/** The library says nothing of what it cannot send. One line when that begins, and one when it is over. */
function tellOfFailures(exporter: SpanExporter, log: Logger): SpanExporter {
  let lost = 0;
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        if (result.code !== 0) {
          if (lost === 0) log.warn({ error: result.error }, "traces not sent");
          lost += spans.length;
        } else if (lost > 0) {
          log.info({ lostSpans: lost }, "traces sent again");
          lost = 0;
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
