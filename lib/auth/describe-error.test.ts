import { describe, expect, it, vi } from "vitest";
import { EngineError } from "@/lib/domain/errors";
import { log } from "@/lib/log";
import { describeError, statusOf } from "./describe-error";

vi.hoisted(() => vi.stubEnv("LOG_LEVEL", "silent"));

/** An error of the driver, as Drizzle wraps it: its message holds the statement. */
function databaseError(code: string): Error {
  const cause = Object.assign(new Error('relation "secret_table" at /srv/db'), { code });
  return new Error("Failed query: select secret_column from secret_table", { cause });
}

function statusFor(error: unknown): number {
  return statusOf(describeError(error, "test").code);
}

it("tells a refusal as it is", () => {
  const details = [{ path: "name", message: "Enter a name." }];

  expect(describeError(new EngineError("invalid", "name: Enter a name.", details), "test")).toEqual(
    {
      code: "invalid",
      message: "name: Enter a name.",
      details,
    },
  );
});

describe("an error of the database", () => {
  it.each([
    ["22P02", 422],
    ["22003", 422],
    ["22007", 422],
    ["22008", 422],
    ["22021", 422],
    ["22P05", 422],
    ["2201W", 422],
    ["23505", 409],
    ["23503", 404],
    ["40001", 409],
    ["40P01", 409],
    ["54000", 413],
    ["54001", 413],
    ["25006", 503],
    ["53100", 503],
    ["53200", 503],
    ["53300", 503],
    ["57P01", 503],
    ["57P03", 503],
    ["57014", 503],
    ["55P03", 503],
    ["08006", 503],
    ["ECONNREFUSED", 503],
    ["ECONNRESET", 503],
    ["CONNECTION_CLOSED", 503],
    ["CONNECT_TIMEOUT", 503],
    ["42P01", 500],
    ["23514", 500],
    ["XX000", 500],
  ])("with the state %s is answered %i", (state, status) => {
    expect(statusFor(databaseError(state))).toBe(status);
  });
});

it.each([
  ["53100", "disk is full"],
  ["25006", "accepts no changes"],
  ["53300", "no connection to spare"],
  ["ECONNREFUSED", "cannot be reached"],
])("says why the database is of no use at the moment: %s", (state, words) => {
  expect(describeError(databaseError(state), "test").message).toContain(words);
});

it.each([
  ["a programmer's mistake", new TypeError("x is not a function at /srv/app/secret_table.js")],
  ["an unknown state", databaseError("42P01")],
  ["a bad value", databaseError("22P02")],
  ["a lost database", databaseError("ECONNREFUSED")],
  ["a text that was thrown", "secret_table"],
  ["nothing", undefined],
])("never tells the statement, the stack or a path: %s", (_, error) => {
  const told = JSON.stringify(describeError(error, "test"));

  expect(told).not.toMatch(/secret|select|srv|at \//);
});

it("names a fault by an id and nothing else", () => {
  const { code, message } = describeError(new Error("broken"), "test");

  expect(code).toBe("internal");
  expect(message).toMatch(/^Something went wrong \(id [0-9a-f-]{36}\)\.$/);
});

it("logs a fault once, with the run and the execution it was about and nothing else of the input", () => {
  const lines = vi.spyOn(log, "error");
  const error = new Error("broken");
  const input = { executionId: "e-1", runId: "r-1", name: "secret", more: { runId: "r-2" } };

  describeError(error, "test", input);

  const line = { error, id: expect.any(String), door: "test", executionId: "e-1", runId: "r-1" };
  expect(lines.mock.calls).toEqual([[line, "request failed"]]);
});
