import { randomUUID } from "node:crypto";
import { type BrowserContext, test as base, expect } from "@playwright/test";
import { type Api, createApi } from "./api";
import { Gates } from "./gate";
import { EditorPage } from "./pages/editor-page";
import { RunPage } from "./pages/run-page";

type Fixtures = {
  /** What the browser may complain of, where the journey takes something away from it. */
  expectedErrors: RegExp | null;
  /** Fails the journey when a page broke the content security policy or wrote an error to the console. */
  cleanConsole: undefined;
  api: Api;
  /** A project of the journey's own. */
  projectId: string;
  gates: Gates;
  editor: EditorPage;
  run: RunPage;
};

export const test = base.extend<Fixtures>({
  expectedErrors: [null, { option: true }],
  cleanConsole: [
    async ({ context, expectedErrors }, use) => {
      const errors = await collectErrors(context);
      await use(undefined);
      expect(errors.filter((error) => !expectedErrors?.test(error))).toEqual([]);
    },
    { auto: true },
  ],
  api: async ({ request, baseURL }, use) => {
    if (baseURL === undefined) throw new Error("The set-up of the tests has started no server.");
    await use(createApi(request, baseURL));
  },
  projectId: async ({ api }, use) => {
    const projectId = await api.createProject(`Journey ${randomUUID()}`);
    await use(projectId);
    await api.cancelRuns(projectId);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from it
  gates: async ({}, use) => {
    const gates = new Gates();
    await use(gates);
    gates.remove();
  },
  editor: async ({ page }, use) => use(new EditorPage(page)),
  run: async ({ page }, use) => use(new RunPage(page)),
});

async function collectErrors(context: BrowserContext): Promise<string[]> {
  const errors: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => errors.push(String(error.error().stack)));
  await context.exposeFunction("reportViolation", (what: string) => errors.push(what));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const what = `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`;
      Reflect.get(window, "reportViolation")(what);
    });
  });
  return errors;
}
