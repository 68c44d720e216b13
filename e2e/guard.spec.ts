import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import * as z from "zod";
import { sendRaw } from "./raw-request";

/** With each, a page would be answered in another form, or once was by another way. */
const DISGUISES: Record<string, string>[] = [
  {},
  { rsc: "1" },
  { "x-middleware-subrequest": "proxy:proxy:proxy" },
];

const PAGES = ["/", "/projects", "/runs", "/executions", "/workers", "/no-such-page"];

function urlOf(baseURL: string | undefined): string {
  if (baseURL === undefined) throw new Error("The set-up of the tests has started no server.");
  return baseURL;
}

test.describe("a foreign host name", () => {
  for (const path of [
    ...PAGES,
    "/api/projects",
    "/api/health",
    "/api/events",
    "/metrics",
    "//projects",
    "/projects/",
    "/PROJECTS",
    "/%70rojects",
    "/projects;x",
    "/projects?_rsc=1",
    "/projects.rsc",
    "/projects/health",
    "/projects.segments/_tree.segment.rsc",
    "/_next/static/../../projects",
    "/_next/static/..%2f..%2fprojects",
    "/_next/image/../../projects",
    "/api/../projects",
    "/api/..%2fprojects",
    "/_next/data/x/projects.json",
  ]) {
    test(`reads nothing at ${path}`, async ({ baseURL }) => {
      for (const headers of DISGUISES) {
        const answer = await sendRaw(urlOf(baseURL), {
          path,
          headers: { host: "evil.test", "x-forwarded-host": "localhost", ...headers },
        });

        expect([307, 308, 403, 404]).toContain(answer.status);
        expect(answer.text).not.toContain("Example");
        expect(answer.text).not.toContain("<html");
      }
    });
  }
});

test.describe("a page", () => {
  test("says what may be loaded, with a new nonce each time", async ({ request }) => {
    const nonces = new Set<string>();
    for (const path of PAGES) {
      const response = await request.get(path);
      const headers = response.headers();
      const policy = headers["content-security-policy"] ?? "";
      const nonce = policy.match(/'nonce-([^']+)'/)?.[1] ?? "";
      nonces.add(nonce);

      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*'unsafe/);
      expect(await response.text()).toContain(`nonce="${nonce}"`);
      expect(headers).toMatchObject({
        "cache-control": expect.stringContaining("no-store"),
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
      });
      expect(headers).not.toHaveProperty("x-powered-by");
    }
    expect(nonces.size).toBe(PAGES.length);
  });

  test("breaks none of its own rules", async ({ page }) => {
    const violations: string[] = [];
    await page.exposeFunction("reportViolation", (what: string) => violations.push(what));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const report: unknown = Reflect.get(window, "reportViolation");
        if (typeof report === "function") report(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });

    for (const path of PAGES) {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
    }

    expect(violations).toEqual([]);
  });

  test("can only be read", async ({ baseURL }) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await sendRaw(urlOf(baseURL), {
        method,
        path: "/projects",
        headers: { "content-type": "application/json", "content-length": "2" },
        body: "{}",
      });

      expect(answer.status).toBe(422);
    }
  });
});

test.describe("a route", () => {
  test("reads no more of a body than its limit, and hangs up", async ({ baseURL }) => {
    const path = "/api/executions/01a20828-80ed-7386-98d5-53d00d501d51/cancel";
    const headers = { "content-type": "application/json" };
    const endless = { method: "POST", path, headers, endlessUpTo: 300_000_000 };

    const chunked = await sendRaw(urlOf(baseURL), endless);
    const announced = await sendRaw(urlOf(baseURL), {
      ...endless,
      headers: { ...headers, "content-length": "300000000" },
    });

    for (const answer of [chunked, announced]) {
      expect(answer.status).toBe(413);
      expect(answer.headers.connection).toBe("close");
      expect(answer.sent).toBeLessThan(30_000_000);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "too_large" } });
    }
  });

  test("answers as data that nothing keeps or runs", async ({ request }) => {
    const response = await request.get("/api/projects");

    expect(response.headers()).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
    });
  });

  test("has no other method than its own", async ({ request }) => {
    expect((await request.delete("/api/projects")).status()).toBe(405);
    expect((await request.get("/api/batches")).status()).toBe(405);
  });

  test("is refused to a page of another site", async ({ request }) => {
    const response = await request.post("/api/batches", {
      headers: { origin: "https://evil.test", "sec-fetch-site": "cross-site" },
      data: {},
    });

    expect(response.status()).toBe(403);
  });
});

test("the stream of changes says that it is ready", async ({ page }) => {
  await page.goto("/");
  const first = await page.evaluate(async () => {
    const source = new EventSource("/api/events");
    const ready = await new Promise<string>((resolve) => {
      source.addEventListener("ready", ({ data }) => resolve(String(data)));
    });
    source.close();
    return ready;
  });

  expect(first).toBe("{}");
});

test.describe("a server action", () => {
  const manifestSchema = z.object({
    node: z.record(z.string(), z.object({ exportedName: z.string().optional() })),
  });

  /** The id by which our own pages call the action that saves a project. */
  function actionId(): string {
    const file = join(import.meta.dirname, "../.next/server/server-reference-manifest.json");
    const { node } = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    const id = Object.keys(node).find((id) => node[id]?.exportedName === "saveProjectAction");
    if (id === undefined) throw new Error("No page uses saveProjectAction.");
    return id;
  }

  async function post(
    baseURL: string | undefined,
    given: { body: string; path?: string; headers?: Record<string, string>; id?: string },
  ) {
    const base = urlOf(baseURL);
    return sendRaw(base, {
      method: "POST",
      path: given.path ?? "/projects",
      headers: {
        "next-action": given.id ?? actionId(),
        "content-type": "text/plain;charset=UTF-8",
        "content-length": String(Buffer.byteLength(given.body)),
        origin: new URL(base).origin,
        "sec-fetch-site": "same-origin",
        ...given.headers,
      },
      body: given.body,
    });
  }

  function projectNamed(name: string): string {
    return JSON.stringify([{ name }]);
  }

  async function listNames(page: Page): Promise<string[]> {
    const response = await page.request.get("/api/projects");
    const projects = z.array(z.object({ name: z.string() })).parse(await response.json());
    return projects.map(({ name }) => name);
  }

  test("works from our own page", async ({ baseURL, page }) => {
    const name = `Own ${crypto.randomUUID()}`;

    const answer = await post(baseURL, { body: projectNamed(name) });

    expect(answer.status).toBe(200);
    expect(await listNames(page)).toContain(name);
  });

  const strangers: [string, Record<string, string>][] = [
    ["another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }],
    ["another site in an old browser", { origin: "https://evil.test", "sec-fetch-site": "" }],
    ["a page without an origin", { origin: "null" }],
    ["an origin that is no address", { origin: "evil" }],
    ["a browser that says cross-site", { "sec-fetch-site": "cross-site" }],
    ["a forwarded host", { origin: "https://evil.test", "x-forwarded-host": "evil.test" }],
    ["a foreign host", { host: "evil.test", origin: "http://evil.test" }],
  ];
  for (const [who, headers] of strangers) {
    test(`is refused to ${who}, on whatever page`, async ({ baseURL, page }) => {
      for (const path of [...PAGES, "/api/projects"]) {
        const name = `Stranger ${crypto.randomUUID()}`;
        const answer = await post(baseURL, { body: projectNamed(name), path, headers });

        expect([403, 405]).toContain(answer.status);
        expect(await listNames(page)).not.toContain(name);
      }
    });
  }

  const junk: [string, string, number][] = [
    ["garbage", "{{{", 400],
    ["nothing", "", 400],
    ["a function", '["$F1"]', 400],
    ["a part that is not there", '["$0:9:9"]', 400],
    ["20,000 levels", "[".repeat(20_000) + "]".repeat(20_000), 422],
    ["9 MB", JSON.stringify(["x".repeat(9_000_000)]), 413],
  ];
  for (const [what, body, status] of junk) {
    test(`is told what is wrong with ${what}`, async ({ baseURL }) => {
      const answer = await post(baseURL, { body });

      expect(answer.status).toBe(status);
      expect(answer.headers["content-type"]).toBe("text/plain");
      expect(answer.text).not.toMatch(/node_modules|\.js|at /);
    });
  }

  test("answers 1.2 MB in words", async ({ baseURL }) => {
    const answer = await post(baseURL, { body: projectNamed("x".repeat(1_200_000)) });

    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"too_large"');
  });

  test("that does not exist is not found", async ({ baseURL }) => {
    for (const id of ["00", "toString", "7f".repeat(21)]) {
      const answer = await post(baseURL, { body: "[]", id });

      expect([400, 404, 409]).toContain(answer.status);
    }
  });

  test("takes no form and no files", async ({ baseURL }) => {
    for (const type of ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]) {
      const answer = await post(baseURL, { body: "x", headers: { "content-type": type } });

      expect(answer.status).toBe(415);
    }
  });
});
