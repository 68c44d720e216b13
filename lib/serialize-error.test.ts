import { afterEach, describe, expect, it, vi } from "vitest";
import { serializeError } from "./serialize-error";

afterEach(() => vi.unstubAllEnvs());

const text = (error: unknown, secrets?: readonly string[]) =>
  JSON.stringify(serializeError(error, secrets));

describe("an error as it is logged", () => {
  it("keeps its kind, words, place, code and causes", () => {
    const cause = Object.assign(new TypeError("socket hang up"), {
      code: "ECONNRESET",
      port: 5432,
    });
    const logged = serializeError(new Error("Claim failed.", { cause }), []);
    expect(logged).toMatchObject({
      type: "Error",
      message: "Claim failed.",
      stack: expect.stringMatching(/^Error: Claim failed\.\n\s+at .*serialize-error\.test/),
      cause: { type: "TypeError", message: "socket hang up", code: "ECONNRESET", port: 5432 },
    });
  });

  it("shows each error of several", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1:5432"), {
      syscall: "connect",
    });
    expect(serializeError(new AggregateError([refused]), [])).toMatchObject({
      errors: [{ message: "connect ECONNREFUSED ::1:5432", syscall: "connect" }],
    });
  });

  it("says something of what is no error", () => {
    expect(serializeError("gone", [])).toEqual({ type: "string", message: "gone" });
    expect(serializeError(undefined, [])).toEqual({ type: "undefined", message: "undefined" });
  });

  it("ends where causes go round in a circle", () => {
    const error = new Error("round");
    error.cause = error;
    expect(text(error, []).length).toBeLessThan(20_000);
  });

  it("leaves out what a statement was called with, in its words and in its stack", () => {
    const message =
      "Failed query: insert into runs values ($1)\nparams: s3cret-param,\nsecond line";
    const logged = text(new Error(message), []);
    expect(logged).toContain("insert into runs");
    expect(logged).not.toMatch(/s3cret|second line/);
  });

  it("leaves out what it carries along, such as the values of a row or an address with a password", () => {
    const carried = {
      detail: "Failing row contains (s3cret)",
      input: "x:s3cret",
      parameters: ["s3cret"],
    };
    expect(text(Object.assign(new Error("refused"), carried), [])).not.toContain("s3cret");
  });

  it("blots out passwords in addresses", () => {
    const error = new Error("Cannot reach postgres://dagline:p4ss%40word@db:5432/dagline now");
    expect(serializeError(error, []).message).toBe(
      "Cannot reach postgres://dagline:…@db:5432/dagline now",
    );
  });

  it("blots out secrets of tasks and the password of the database, wherever they come from", () => {
    vi.stubEnv("DAGLINE_SECRET_TOKEN", "tok-12345");
    vi.stubEnv("DATABASE_URL", "postgres://dagline:p4ss%40word@db:5432/dagline");
    const cause = new Error("password p4ss@word is wrong (p4ss%40word)");
    const logged = text(new Error("tok-12345 was refused", { cause }));
    expect(logged).not.toMatch(/tok-12345|p4ss/);
    expect(logged).toContain("… was refused");
  });

  it("does not blot out every letter for a secret of one", () => {
    expect(serializeError(new Error("a cat"), ["a", ""]).message).toBe("a cat");
  });
});
