import type { Client } from "@dagger.io/dagger";
import { createHttpFetch } from "./http-fetch";
import type { DaggerSession } from "./session";

type Sdk = typeof import("@dagger.io/dagger");

let sdk: Promise<Sdk> | undefined;

/** The Dagger SDK, loaded when it is first needed: it costs a second and 120 MB, which a worker without Dagger saves. */
export function loadSdk(): Promise<Sdk> {
  sdk ??= import("@dagger.io/dagger");
  return sdk;
}

export type ClientOptions = {
  /** Ends every call of this client. */
  signal: AbortSignal;
  /** 32 hexadecimal digits; log records of the client's calls carry it. */
  traceId: string;
  /** 16 hexadecimal digits: the span of that trace for which the client works. */
  spanId?: string;
};

/** A client of one session with a signal and a trace of its own. The SDK's `connect` has neither and is shared. */
export async function openClient(session: DaggerSession, options: ClientOptions): Promise<Client> {
  const { Client, Context, GraphQLClient } = await loadSdk();
  const gql = new GraphQLClient(`http://127.0.0.1:${session.port}/query`, {
    fetch: createHttpFetch(options.signal),
    headers: {
      Authorization: authorization(session),
      traceparent: `00-${options.traceId}-${options.spanId ?? options.traceId.slice(0, 16)}-01`,
    },
  });
  // The SDK does not export its Connection class; a context only ever asks it for the GraphQL client.
  const connection = { getGQLClient: () => gql } as ConstructorParameters<typeof Context>[1];
  return new Client(new Context([], connection));
}

/** The header that proves to the session that we are the one who started it. */
export function authorization(session: DaggerSession): string {
  return `Basic ${Buffer.from(`${session.token}:`).toString("base64")}`;
}
