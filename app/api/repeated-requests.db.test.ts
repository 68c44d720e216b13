import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExecutionStatus } from "@/lib/domain/status";
import { callRoute } from "@/lib/testing/call-route";
import type { TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject, insertRun } from "@/lib/testing/factories";
import { createWebDatabase } from "@/lib/testing/web";
import { POST as cancelExecution } from "./executions/[executionId]/cancel/route";
import { POST as retryExecution } from "./executions/[executionId]/retry/route";
import { POST as runGraph } from "./graphs/[graphId]/runs/route";
import { GET as getRun } from "./runs/[runId]/route";

let database: TestDatabase;
let projectId: string;
beforeAll(async () => {
  database = await createWebDatabase();
  projectId = await createProject(database.db);
});
afterAll(() => database.close());

async function executionIn(status: ExecutionStatus): Promise<{ executionId: string }> {
  const { executionIds } = await insertRun(database.db, { projectId, executions: [{ status }] });
  return { executionId: executionIds[0] ?? "" };
}

describe("cancelling", () => {
  it.each(["COMPLETED", "FAILED", "TIMEOUT"] as const)(
    "what is %s is a conflict",
    async (status) => {
      const answer = await callRoute(cancelExecution, {
        params: await executionIn(status),
        body: {},
      });

      expect(answer).toMatchObject({ status: 409, code: "already_terminal" });
      expect(JSON.stringify(answer.body)).toContain(status);
    },
  );

  it("twice answers twice the same", async () => {
    const params = await executionIn("SCHEDULED");
    const first = await callRoute(cancelExecution, { params, body: {} });
    const second = await callRoute(cancelExecution, { params, body: {} });

    expect(first).toMatchObject({ status: 200, body: { status: "CANCELLED" } });
    expect(second).toMatchObject({ status: 200, body: { status: "CANCELLED" } });
  });

  it("needs no body", async () => {
    const params = await executionIn("SCHEDULED");
    const answer = await callRoute(cancelExecution, { params, method: "POST" });

    expect(answer.status).toBe(200);
  });
});

describe("retrying", () => {
  it.each(["COMPLETED", "RUNNING", "SCHEDULED"] as const)(
    "what is %s is a conflict",
    async (status) => {
      const params = await executionIn(status);
      const answer = await callRoute(retryExecution, { params, body: {} });

      expect(answer.status).toBe(409);
      expect(JSON.stringify(answer.body)).toContain(status);
    },
  );
});

describe("starting a graph", () => {
  it("with the same idempotency key starts it once", async () => {
    const drawn = await createDrawnGraph(database.db, { projectId, tasks: { a: [] } });
    const call = { params: { graphId: drawn.graphId }, body: { idempotencyKey: "order-66" } };

    const [first, second] = await Promise.all([
      callRoute(runGraph, call),
      callRoute(runGraph, call),
    ]);

    expect(first).toMatchObject({ status: 200, body: { runId: expect.any(String) } });
    expect(second.body).toMatchObject({ runId: runIdOf(first.body) });
    const run = await callRoute(getRun, { params: { runId: runIdOf(first.body) } });
    expect(run.status).toBe(200);
  });
});

function runIdOf(body: unknown): string {
  return typeof body === "object" && body !== null && "runId" in body ? String(body.runId) : "";
}
