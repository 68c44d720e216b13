import { expect } from "@playwright/test";
import type { Api } from "./api";
import { test } from "./fixtures";
import type { EditorPage } from "./pages/editor-page";

async function openTask(journey: { api: Api; projectId: string; editor: EditorPage }) {
  const { api, projectId, editor } = journey;
  const graphId = await api.createGraph(projectId, {
    name: "Form",
    tasks: [{ name: "Task", script: "true" }],
  });
  await editor.open(graphId);
  await editor.select("Task");
  return graphId;
}

test("every field of a task is saved and found again", async ({ api, projectId, editor, page }) => {
  await api.post(`/api/projects/${projectId}/pools`, { name: "database", slots: 2 });
  const graphId = await openTask({ api, projectId, editor });

  await test.step("filled in", async () => {
    await editor.fillIn({
      Name: "Report",
      Key: "report-1",
      "Description (optional)": "Weekly,\nin two lines",
      Image: "registry.example/team/report:2.1",
      Command: `sh -c 'echo "$MODE"' 'two words' ""`,
    });
    await editor.choose("Priority", "CRITICAL");
    await editor.unfold("Variables, inputs, secrets");
    await editor.addEntry("variable", "MODE", "fast lane");
    await editor.addEntry("variable", "EMPTY", "");
    await editor.addEntry("input", "rows", "12");
    await editor.addEntry("secret", "TOKEN", "REPORT_TOKEN");
    await editor.fillIn({ "Working folder (optional)": "out/week" });
    await editor.unfold("Retries and timeout");
    await editor.choose("Retry strategy", /^FIBONACCI_BACKOFF/);
    await editor.fillIn({
      "Max retries": "7",
      "Timeout per attempt": "90",
      "Retry delay": "4",
      "Max retry delay": "60",
      "Retry on exit codes (optional)": "1, 75",
    });
    await editor.panel.getByRole("checkbox", { name: /^Jitter/ }).check();
    await editor.panel.getByRole("checkbox", { name: /^Retry permanent errors/ }).check();
    await editor.unfold("Pool");
    await editor.choose("Pool (optional)", /^database/);
    await editor.fillIn({ "Pool key (optional)": "customer-42" });
    await editor.unfold("Metadata");
    await editor.fillIn({ "Metadata (optional)": '{ "owner": "data", "level": 3 }' });
    await editor.save();
  });

  await test.step("stored as it was meant", async () => {
    const [node] = (await api.readGraph(graphId)).nodes;
    expect(node?.task).toEqual({
      name: "Report",
      key: "report-1",
      description: "Weekly,\nin two lines",
      priority: "CRITICAL",
      workflowType: "containerized_workflow",
      workflowParams: {
        image: "registry.example/team/report:2.1",
        command: ["sh", "-c", 'echo "$MODE"', "two words", ""],
        workdir: "out/week",
        env: { MODE: "fast lane", EMPTY: "" },
        inputs: { rows: "12" },
        secrets: { TOKEN: "REPORT_TOKEN" },
      },
      retryStrategy: "FIBONACCI_BACKOFF",
      maxRetries: 7,
      retryDelaySeconds: 4,
      maxRetryDelaySeconds: 60,
      retryJitter: true,
      retryOnExitCodes: [1, 75],
      retryPermanentErrors: true,
      timeoutSeconds: 90,
      metadata: { owner: "data", level: 3 },
      pool: "database",
      poolKey: "customer-42",
    });
  });

  await test.step("shown again after a reload", async () => {
    await page.reload();
    await editor.select("Report");
    await expect(editor.field("Key")).toHaveValue("report-1");
    await expect(editor.field("Priority")).toHaveText("CRITICAL");
    await expect(editor.field("Description (optional)")).toHaveValue("Weekly,\nin two lines");
    await expect(editor.field("Image")).toHaveValue("registry.example/team/report:2.1");
    await editor.panel.getByRole("button", { name: "Edit as a list" }).click();
    await expect(editor.field("argument 5")).toHaveValue("");
    await expect(editor.field("argument 4")).toHaveValue("two words");
    await editor.unfold("Variables, inputs, secrets");
    await expect(editor.field("Name of variable 1")).toHaveValue("MODE");
    await expect(editor.field("Value of variable 1")).toHaveValue("fast lane");
    await expect(editor.field("Value of input 1")).toHaveValue("12");
    await expect(editor.field("Value of secret 1")).toHaveValue("REPORT_TOKEN");
    await expect(editor.field("Working folder (optional)")).toHaveValue("out/week");
    await editor.unfold("Retries and timeout");
    await expect(editor.field("Retry strategy")).toContainText("FIBONACCI_BACKOFF");
    await expect(editor.field("Max retry delay")).toHaveValue("60");
    await expect(editor.field("Retry on exit codes (optional)")).toHaveValue("1, 75");
    await expect(editor.panel.getByRole("checkbox", { name: /^Jitter/ })).toBeChecked();
    await editor.unfold("Pool");
    await expect(editor.field("Pool (optional)")).toContainText("database");
    await expect(editor.field("Pool key (optional)")).toHaveValue("customer-42");
    await editor.unfold("Metadata");
    await expect(editor.field("Metadata (optional)")).toHaveValue(/"owner": "data"/);
    await expect(editor.savedState).toHaveText("Saved");
  });
});

test("the steps of a pipeline are saved in their order", async ({ api, projectId, editor }) => {
  const graphId = await openTask({ api, projectId, editor });
  await editor.panel.getByRole("radio", { name: "Pipeline of steps" }).click();

  await editor.fillIn({
    "Step name (optional)": "Build",
    Image: "node:20",
    Command: "npm run build",
    "Working folder (optional)": "app",
  });
  await editor.addEntry("variable", "CI", "1");
  await editor.panel.getByRole("button", { name: "Add step" }).click();
  await editor.field("Step name (optional)").nth(1).fill("Publish");
  await editor.field("Command").nth(1).fill("npm publish");
  await editor.panel.getByRole("button", { name: "Move step 2 up" }).click();
  await editor.save();

  const [node] = (await api.readGraph(graphId)).nodes;
  expect(node?.task).toMatchObject({
    workflowType: "dagger_pipeline",
    workflowParams: {
      steps: [
        { name: "Publish", command: ["npm", "publish"], env: {}, workdir: null },
        { name: "Build", image: "node:20", command: ["npm", "run", "build"], env: { CI: "1" } },
      ],
    },
  });
});

test("what is wrong is said at its field and on its node, and is not saved", async ({
  api,
  projectId,
  editor,
  page,
}) => {
  const graphId = await openTask({ api, projectId, editor });

  await editor.unfold("Retries and timeout");
  await editor.fillIn({ Image: "no image!", "Timeout per attempt": "0" });

  await expect(editor.field("Image")).toHaveAccessibleDescription(/Enter an image reference/);
  await expect(editor.field("Timeout per attempt")).toHaveAccessibleDescription(
    /Enter a whole number from 1 to/,
  );
  await expect(editor.node("Task, 2 errors")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(editor.notice("Not saved: 2 problems")).toBeVisible();
  expect((await api.readGraph(graphId)).version).toBe(2);

  await page.getByRole("button", { name: "2 problems", exact: true }).click();
  await page.getByRole("button", { name: /whole number/ }).click();
  await expect(editor.field("Timeout per attempt")).toBeFocused();
  await editor.fillIn({ Image: "alpine", "Timeout per attempt": "60" });
  await expect(editor.node("Task")).toBeVisible();
  await editor.save();
});

test("the retry calendar follows what is typed", async ({ api, projectId, editor }) => {
  await openTask({ api, projectId, editor });
  const calendar = editor.panel.getByRole("region", { name: "Retry calendar" });
  const rows = calendar.getByRole("row");
  const innerText = { useInnerText: true };

  await editor.unfold("Retries and timeout");
  await editor.choose("Retry strategy", /^FIBONACCI_BACKOFF/);
  await editor.fillIn({
    "Max retries": "5",
    "Retry delay": "5",
    "Max retry delay": "20",
    "Timeout per attempt": "60",
  });
  await expect(rows).toHaveText(
    [
      "Attempt Delay before After the first failure",
      "1 none –",
      "2 5 s +5 s",
      "3 5 s +10 s",
      "4 10 s +20 s",
      "5 15 s +35 s",
      "6 20 s +55 s",
    ],
    innerText,
  );
  await expect(calendar).toContainText("Worst case, every attempt at its timeout: 6 min 55 s");

  await editor.choose("Retry strategy", /^EXPONENTIAL_BACKOFF/);
  await editor.fillIn({ "Max retries": "2" });
  await expect(rows.nth(2)).toHaveText("2 10 s +10 s", innerText);
  await expect(rows.nth(3)).toHaveText("3 20 s +30 s", innerText);

  await editor.choose("Retry strategy", /^NONE/);
  await expect(rows).toHaveCount(2);
  await expect(calendar).toContainText("Worst case, every attempt at its timeout: 1 min 00 s");
});

test("hostile names are text everywhere and run nothing", async ({
  api,
  projectId,
  editor,
  run,
  page,
}) => {
  const script = "<script>alert(1)</script>";
  const image = `"><svg/onload=alert(1)>`;
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await openTask({ api, projectId, editor });

  await editor.field("Name").fill("invoice\u202egpj.exe");
  await expect(editor.field("Name")).toHaveAccessibleDescription(/direction-changing/);

  await editor.describe({ name: script, command: `echo '${image}'` });
  await expect(editor.node(script)).toContainText(script);
  await editor.addTask({ name: image, command: "true" });
  await editor.connect(script, image);
  await editor.run();

  await run.expectStatus("COMPLETED");
  await expect(run.node(image)).toContainText(image);
  await run.select(script);
  await expect(run.log).toContainText(image);
  await page.goto("/executions");
  await expect(page.getByRole("link", { name: script }).first()).toBeVisible();
  expect(dialogs).toEqual([]);
});
