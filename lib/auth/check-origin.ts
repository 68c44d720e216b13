import { type Config, isLoopback } from "@/lib/config";
import { EngineError } from "@/lib/domain/errors";

/** The headers and the method of a request, from a route or from an action. */
export type RequestHead = { method: string; headers: Headers };

export type AddressConfig = Pick<Config, "host" | "port" | "appUrl" | "allowedHosts">;

/**
 * Refuses what was not sent to one of our own names (a foreign name that resolves to this machine is DNS rebinding), and
 * what a page of another site sent. X-Forwarded-* is never looked at: anybody can send it.
 */
export function checkOrigin(head: RequestHead, config: AddressConfig): void {
  const host = head.headers.get("host")?.toLowerCase() ?? "";
  if (!isOwnHost(host, config)) {
    throw new EngineError(
      "forbidden",
      "The server does not answer under this host name; ALLOWED_HOSTS lists further names.",
    );
  }
  if (isForeign(head, host, config)) {
    throw new EngineError("forbidden", "The request came from another site and was refused.");
  }
}

/** Whether a Host header names this server. */
export function isOwnHost(host: string, config: AddressConfig): boolean {
  const name = host.replace(/:\d{1,5}$/, "");
  if (name === "") return false;
  const appHost = new URL(config.appUrl).host;
  if (host === appHost || config.allowedHosts.includes(host)) return true;
  // A listed name without a port stands for every port.
  if (config.allowedHosts.includes(name)) return true;
  const isPortOurs = host === `${name}:${config.port}` || (host === name && config.port === 80);
  return isPortOurs && (isLoopback(name.replace(/^\[(.*)\]$/, "$1")) || isListenHost(name, config));
}

function isListenHost(name: string, { host }: AddressConfig): boolean {
  return name === host.toLowerCase() || name === `[${host.toLowerCase()}]`;
}

/**
 * Whether a browser sent this for another site's page. Programs such as curl send neither header; that is no hole as long
 * as there is no cookie that a browser would add by itself.
 */
function isForeign({ method, headers }: RequestHead, host: string, config: AddressConfig): boolean {
  const site = headers.get("sec-fetch-site");
  if (isRead(method)) return isForeignRead(site, headers.get("sec-fetch-mode"));
  if (site !== null && site !== "same-origin") return true;
  const origin = headers.get("origin");
  return origin !== null && !isOwnOrigin(origin, host, config);
}

/** Reading changes nothing, so another site may link to us, but not embed or fetch. */
function isForeignRead(site: string | null, mode: string | null): boolean {
  if (site === null || site === "same-origin" || site === "none") return false;
  return mode !== "navigate";
}

/** `host` is the request's own, which has been found to be ours. */
function isOwnOrigin(origin: string, host: string, config: AddressConfig): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.origin === new URL(config.appUrl).origin) return true;
  return (url.protocol === "http:" || url.protocol === "https:") && url.host === host;
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
