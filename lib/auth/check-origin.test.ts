import { describe, expect, it } from "vitest";
import { checkOrigin, isOwnHost } from "./check-origin";

const CONFIG = {
  host: "127.0.0.1",
  port: 3000,
  appUrl: "https://dagline.example.org",
  allowedHosts: ["build.local", "10.0.0.5:8080"],
};

function isAllowed(method: string, headers: Record<string, string>): boolean {
  try {
    checkOrigin({ method, headers: new Headers({ host: "localhost:3000", ...headers }) }, CONFIG);
    return true;
  } catch {
    return false;
  }
}

describe("the host", () => {
  it.each([
    "localhost:3000",
    "127.0.0.1:3000",
    "127.1.2.3:3000",
    "[::1]:3000",
    "dagline.example.org",
    "build.local",
    "build.local:9999",
    "10.0.0.5:8080",
  ])("may be %s", (host) => {
    expect(isOwnHost(host, CONFIG)).toBe(true);
  });

  it.each([
    "",
    ":3000",
    "evil.test",
    "evil.test:3000",
    "localhost",
    "localhost:3001",
    "localhost.evil.test:3000",
    "127.0.0.1.evil.test:3000",
    "evil.test:3000@localhost:3000",
    "localhost:3000, evil.test",
    "localhost:3000/",
    "localhost:03000",
    "dagline.example.org:3000",
    "dagline.example.org.evil.test",
    "sub.build.local",
    "10.0.0.5",
    "10.0.0.5:3000",
    "0.0.0.0:3000",
    "[::]:3000",
    "2130706433:3000",
    "0x7f.1:3000",
    "127.1:3000",
  ])("is never %j", (host) => {
    expect(isOwnHost(host, CONFIG)).toBe(false);
  });

  it("is the address it listens on, with its port", () => {
    const config = { ...CONFIG, host: "192.168.1.7" };

    expect(isOwnHost("192.168.1.7:3000", config)).toBe(true);
    expect(isOwnHost("192.168.1.7:3001", config)).toBe(false);
    expect(isOwnHost("192.168.1.8:3000", config)).toBe(false);
  });

  it("needs no port where the server has the usual one", () => {
    expect(isOwnHost("localhost", { ...CONFIG, port: 80 })).toBe(true);
  });

  it("is checked when reading, too", () => {
    expect(isAllowed("GET", { host: "evil.test" })).toBe(false);
    expect(isAllowed("HEAD", { host: "evil.test" })).toBe(false);
  });

  it("is never taken from a header that anybody can add", () => {
    const forwarded = { "x-forwarded-host": "localhost:3000", forwarded: "host=localhost:3000" };

    expect(isAllowed("GET", { host: "evil.test", ...forwarded })).toBe(false);
  });
});

describe.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])("%s", (method) => {
  it.each([
    ["a program, which sends neither header", {}],
    ["our own page", { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" }],
    ["our own page in an old browser", { origin: "http://localhost:3000" }],
    ["our page behind a proxy that ends TLS", { origin: "https://dagline.example.org" }],
  ])("is allowed for %s", (_, headers) => {
    expect(isAllowed(method, headers)).toBe(true);
  });

  it.each([
    ["another site", { origin: "https://evil.test" }],
    ["a page without an origin", { origin: "null" }],
    ["an empty origin", { origin: "" }],
    ["an origin that is no address", { origin: "localhost:3000" }],
    ["another port of this machine", { origin: "http://localhost:8080" }],
    ["another name of this machine", { origin: "http://127.0.0.1:3000" }],
    ["a name that starts like ours", { origin: "http://localhost:3000.evil.test" }],
    ["an extension", { origin: "chrome-extension://localhost:3000" }],
    ["our name at another scheme", { origin: "http://dagline.example.org" }],
    ["a browser that says cross-site", { "sec-fetch-site": "cross-site" }],
    ["a browser that says same-site", { "sec-fetch-site": "same-site" }],
    ["a typed address", { "sec-fetch-site": "none" }],
    [
      "cross-site with our origin",
      { origin: "http://localhost:3000", "sec-fetch-site": "cross-site" },
    ],
    [
      "a forwarded host that equals the foreign origin",
      { origin: "https://evil.test", "x-forwarded-host": "evil.test" },
    ],
  ])("is refused for %s", (_, headers) => {
    expect(isAllowed(method, headers)).toBe(false);
  });
});

describe("reading", () => {
  it.each([
    ["a program", {}, true],
    ["our own page", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }, true],
    ["a typed address", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }, true],
    [
      "a link on another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      true,
    ],
    [
      "a script of another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" },
      false,
    ],
    [
      "an image on another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
      false,
    ],
    ["a neighbour", { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" }, false],
  ])("by %s", (_, headers, allowed) => {
    expect(isAllowed("GET", headers)).toBe(allowed);
  });
});
