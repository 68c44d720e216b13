import { describe, expect, it } from "vitest";
import { findFreePort } from "@/worker/postgres/launch";
import { StartError } from "./start-error";
import { refuseOldVersion, waitForDatabase } from "./wait-for-database";

describe("waitForDatabase", () => {
  it("gives up after its limit, with the reason, the remedy and no password", async () => {
    const port = await findFreePort();
    const url = `postgres://me:secret@127.0.0.1:${port}/dagline`;
    const started = Date.now();

    const waiting = waitForDatabase({ url, timeoutMs: 1_200 });

    const error = await waiting.catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toContain(
      `The database at 127.0.0.1:${port}/dagline cannot be used: connect ECONNREFUSED`,
    );
    expect(String(error)).toContain("Check DATABASE_URL");
    expect(String(error)).not.toContain("secret");
    expect(Date.now() - started).toBeGreaterThan(400);
  });
});

describe("refuseOldVersion", () => {
  it.each([90_600, 140_012])("refuses server_version_num %i", (version) => {
    expect(() => refuseOldVersion(version)).toThrow(/Dagline needs 15 or newer/);
  });

  it.each([150_000, 180_004])("accepts server_version_num %i", (version) => {
    expect(() => refuseOldVersion(version)).not.toThrow();
  });
});
