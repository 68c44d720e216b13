/** What a route answered: its status and its JSON. */
export type RouteAnswer = { status: number; body: unknown; code: string | null; headers: Headers };

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>;

type Call = {
  params?: Record<string, string>;
  /** Behind the question mark, as it is written. */
  query?: string;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
  method?: string;
  headers?: Record<string, string>;
};

/** Calls a route handler with a real request, as a program on this machine would send it. */
export async function callRoute(handler: Handler, call: Call = {}): Promise<RouteAnswer> {
  const { params = {}, query = "", body, headers } = call;
  const method = call.method ?? (body === undefined ? "GET" : "POST");
  const request = new Request(`http://127.0.0.1:3000/api/test?${query}`, {
    method,
    headers: {
      host: "127.0.0.1:3000",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const answer: unknown = await response.json();
  return {
    status: response.status,
    body: answer,
    code: codeOf(answer),
    headers: response.headers,
  };
}

function codeOf(answer: unknown): string | null {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return null;
  const { error } = answer;
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return String(error.code);
}
