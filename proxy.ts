import { type NextRequest, NextResponse } from "next/server";
import { checkActionRequest } from "@/lib/auth/check-action-request";
import { describeError, statusOf } from "@/lib/auth/describe-error";
import { guard } from "@/lib/auth/guard";
import { contentSecurityPolicy, pageHeaders } from "@/lib/auth/security-headers";

/**
 * Comes before every page: refuses what is not for us and adds the headers of a page. Pages and actions pass the guard
 * again themselves. Routes below /api stay outside, because Next.js takes in the whole body of a request before it comes back
 * from here; they refuse a body at its limit, and set their own headers.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  try {
    guard(request, "system.read");
    if (request.method !== "GET" && request.method !== "HEAD") await checkActionRequest(request);
  } catch (error) {
    return refuse(error);
  }
  const nonce = btoa(crypto.randomUUID());
  // biome-ignore lint/style/noProcessEnv: set by Next.js itself, not by whoever configures the product
  const development = process.env.NODE_ENV === "development";
  const policy = contentSecurityPolicy(nonce, { development });
  const headers = new Headers(request.headers);
  // Next.js reads the nonce from the policy and gives it to its own scripts.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  trustHost(headers);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  setAll(response, pageHeaders);
  return response;
}

export const config = {
  // Files of the build are public, and the same for everybody.
  matcher: ["/((?!api/|_next/static/|_next/image).*)"],
};

/**
 * Next.js compares the Origin of an action with X-Forwarded-Host, which anybody can send. The guard has compared it with what
 * cannot be forged, so the second comparison is made to agree.
 */
function trustHost(headers: Headers): void {
  const origin = headers.get("origin");
  if (origin !== null && URL.canParse(origin))
    headers.set("x-forwarded-host", new URL(origin).host);
  else headers.delete("x-forwarded-host");
}

/** As plain text, which the browser's side of an action takes for its message. */
function refuse(error: unknown): NextResponse {
  const { code, message } = describeError(error, "proxy");
  const response = new NextResponse(message, { status: statusOf(code) });
  setAll(response, pageHeaders);
  response.headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.set("content-type", "text/plain");
  return response;
}

function setAll(response: NextResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
}
