import { isIP } from "node:net";
import { resolve } from "node:path";
import * as z from "zod";

/** A value of the environment; the message of a refusal is what would have been accepted. */
function kind<T>(accepted: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue(accepted);
    return z.NEVER;
  });
}

export function wholeNumber(minimum: number, maximum: number) {
  return kind(`a whole number from ${minimum} to ${maximum}`, (text) =>
    /^\d+$/.test(text) ? within(Number(text), minimum, maximum) : undefined,
  );
}

export function seconds(minimum: number, maximum: number) {
  return kind(`a number of seconds from ${minimum} to ${maximum}`, (text) =>
    /^\d+(\.\d+)?$/.test(text) ? within(Number(text), minimum, maximum) : undefined,
  );
}

/** Null for "never", which 0 means too. */
export function daysOrNever(maximum: number) {
  return kind(`a whole number of days from 1 to ${maximum}, or never`, (text) => {
    if (text === "never" || text === "0") return null;
    return /^\d+$/.test(text) ? within(Number(text), 1, maximum) : undefined;
  });
}

export function flag() {
  return kind("true or false", (text) => {
    if (text !== "true" && text !== "false") return undefined;
    return text === "true";
  });
}

export function oneOf<const T extends string>(values: readonly T[]) {
  const accepted = `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return kind(accepted, (text) => values.find((value) => value === text));
}

export function path() {
  return kind("a path", (text) => (text.includes("\0") ? undefined : resolve(text)));
}

export function hostName() {
  return kind("a host name or an IP address, without a port", (text) =>
    isIP(text) !== 0 || /^[\w.-]+$/.test(text) ? text : undefined,
  );
}

export function hostList() {
  return kind(
    "host names with commas between them, such as dagline.local,10.0.0.5:3000",
    (text) => {
      const hosts = text.split(",").map((host) => host.trim().toLowerCase());
      return hosts.every((host) => /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/.test(host))
        ? hosts
        : undefined;
    },
  );
}

/** An address with one of these protocols, such as "https:". */
export function address(protocols: readonly string[], example: string) {
  return kind(`an address such as ${example}`, (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined,
  );
}

/** Names and values of HTTP headers, as OpenTelemetry writes them: `name=value,other=value`, the values percent-encoded. */
export function headerList() {
  return kind("headers with commas between them, such as api-key=abc,team=ops", (text) => {
    const headers = Object.fromEntries(
      text.split(",").map((pair) => pair.trim().split(/=(.*)/s).slice(0, 2)),
    );
    const isValid = ([name, value]: [string, unknown]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === "string" && isDecodable(value);
    if (!Object.entries(headers).every(isValid)) return undefined;
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, decodeURIComponent(String(value))]),
    );
  });
}

/** Whether percent signs stand for bytes, and those for a text without control characters. */
function isDecodable(text: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}

export function label() {
  return kind("a name of at most 255 characters", (text) =>
    text.length <= 255 && !/\p{Cc}/u.test(text) ? text : undefined,
  );
}

function within(value: number, minimum: number, maximum: number): number | undefined {
  return value >= minimum && value <= maximum ? value : undefined;
}
