import "./next-environment";

/** The headers of a request that our own page sends, besides those given. */
export function ownHeaders(headers: Record<string, string> = {}): Headers {
  return new Headers({
    host: "127.0.0.1:3000",
    origin: "http://127.0.0.1:3000",
    "sec-fetch-site": "same-origin",
    ...headers,
  });
}

/** Calls a server action as Next.js would for a request with these headers. */
export async function callAction<T>(
  action: (input: never) => Promise<T>,
  input: unknown,
  headers: Headers = ownHeaders(),
): Promise<T> {
  const { workAsyncStorage } = await import(
    "next/dist/server/app-render/work-async-storage.external"
  );
  const { workUnitAsyncStorage } = await import(
    "next/dist/server/app-render/work-unit-async-storage.external"
  );
  // Only what headers() looks at; a caller from outside is bound by no type.
  const work = { route: "/" } as never;
  const unit = { type: "request", phase: "action", headers } as never;
  return workAsyncStorage.run(work, () =>
    workUnitAsyncStorage.run(unit, () => action(input as never)),
  );
}
