import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { MAX_RESULT_BYTES } from "@/lib/domain/limits";
import type { Attempt, RunnerFacts } from "./conformance-harness";
import { shell, start } from "./conformance-harness";
import { describeOutput } from "./conformance-output";
import { describeStopping } from "./conformance-stopping";
import type { Runner } from "./runner";

/** What every runner must do alike. Called by the test file of each runner. */
export function describeRunner(name: string, facts: RunnerFacts): void {
  describe(name, () => {
    let runner: Runner;
    beforeAll(async () => {
      runner = await facts.createRunner();
    }, 60_000);
    afterAll(() => runner.close());
    const begin: Begin = (options) => start(runner, facts, options);

    describe("endings", () => describeEndings(facts, begin));
    describe("surroundings", () => describeSurroundings(facts, begin));
    describe("several steps", () => describeSteps(begin));
    describe("the file named in TASK_OUTPUT", () => describeTaskOutput(begin));
    describe("output", () => describeOutput(facts, begin));
    describe("stopping", () => describeStopping(facts, begin));
  });
}

export type Begin = (options: Parameters<typeof start>[2]) => Attempt;

const exited = { kind: "exited", exitCode: 0, signal: null, output: null };

function describeEndings(facts: RunnerFacts, begin: Begin): void {
  it.each([0, 1, 2, 126, 127, 137, 255])("reports exit code %i as it is", async (exitCode) => {
    const attempt = begin({ steps: [shell(`exit ${exitCode}`)] });

    expect(await attempt.outcome).toMatchObject({ ...exited, exitCode });
    expect(attempt.started()).toBe(1);
  });

  it.each([
    ["TERM", 15],
    ["KILL", 9],
    ["INT", 2],
    ["SEGV", 11],
    ["ABRT", 6],
  ])("reports a command that SIG%s ended", async (signal, number) => {
    const attempt = begin({ steps: [shell(`kill -s ${signal} $$`)] });

    const ending =
      facts.signals === "exact"
        ? { exitCode: null, signal: `SIG${signal}` }
        : { exitCode: 128 + number, signal: null };
    expect(await attempt.outcome).toMatchObject({ ...exited, ...ending });
  });

  it("names a program that does not exist", async () => {
    const attempt = begin({ steps: [{ command: ["no-such-program-7f3a", "--help"] }] });

    expect(await attempt.outcome).toMatchObject({
      kind: "failed",
      errorClass: "command_not_found",
      message: expect.stringContaining("no-such-program-7f3a"),
    });
  });
}

function describeSurroundings(facts: RunnerFacts, begin: Begin): void {
  it("hands every argument over as it is", async () => {
    const args = [
      "a b",
      "",
      "it's",
      '"',
      "$(id)",
      "`id`",
      "*",
      "ü 日本 🚀",
      "two\nlines",
      "-n",
      "\\",
    ];
    const attempt = begin({ steps: [{ command: ["printf", "<%s>", ...args] }] });

    await attempt.outcome;
    expect(attempt.text("stdout")).toBe(args.map((arg) => `<${arg}>`).join(""));
  });

  it("gives the declared variables, the secrets and the documented ones, nothing else", async () => {
    vi.stubEnv("WORKER_ONLY_SECRET", "must-not-leak");
    const env = { GREETING: "hello world", DATABASE_URL: "mine" };
    const secrets = { API_TOKEN: "s3cret" };
    const names = [...Object.keys(env), ...Object.keys(secrets), ...facts.environment];
    const attempt = begin({ steps: [{ command: ["env"], env }], secrets });

    await attempt.outcome;
    const lines = attempt.text("stdout").trimEnd().split("\n");
    const seen = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)));
    expect(seen).toMatchObject(env);
    expect(Object.keys(seen).sort()).toEqual(names.sort());
    vi.unstubAllEnvs();
  });

  it.each(["s3cret", " with spaces ", "two\nlines\n", '"$(id)`', "日本 🚀"])(
    "hands over the secret %j as it is",
    async (secret) => {
      // Encoded, because an engine may strike secrets out of what is printed.
      const script = 'printf "%s" "$API_TOKEN" | base64';
      const attempt = begin({ steps: [shell(script)], secrets: { API_TOKEN: secret } });

      await attempt.outcome;
      expect(Buffer.from(attempt.text("stdout"), "base64").toString()).toBe(secret);
    },
  );

  it("reads nothing from standard input", async () => {
    const attempt = begin({ steps: [shell("cat; echo end")] });

    expect(await attempt.outcome).toMatchObject(exited);
    expect(attempt.text("stdout")).toBe("end\n");
  });

  it("creates the working directory of a step, where its user may write", async () => {
    const attempt = begin({ steps: [{ ...shell("pwd; ls -ld .. ."), workdir: "a/b c" }] });

    expect(await attempt.outcome).toMatchObject(exited);
    // Tests run as root, who may write everywhere: so the folders' modes are looked at.
    expect(attempt.text("stdout")).toMatch(/\/a\/b c\ndrwx.*\.\ndrwx.*\.\n$/);
  });

  it.each(["..", "/etc", "a/../../b", "../sibling"])(
    "refuses the working directory %s",
    async (workdir) => {
      const attempt = begin({ steps: [{ ...shell("echo ran"), workdir }] });

      expect(await attempt.outcome).toMatchObject({ kind: "failed", errorClass: "invalid" });
      expect(attempt.text("stdout")).toBe("");
    },
  );
}

function describeSteps(begin: Begin): void {
  it("share one file system and run in order", async () => {
    const attempt = begin({
      steps: [shell("echo one > file"), shell("echo two >> file"), shell("cat file")],
    });

    expect(await attempt.outcome).toMatchObject(exited);
    expect(attempt.text("stdout")).toBe("one\ntwo\n");
    expect(attempt.started()).toBe(1);
  });

  it("end with the first that fails", async () => {
    const attempt = begin({
      steps: [shell("echo first"), shell("echo second; exit 3"), shell("echo third")],
    });

    expect(await attempt.outcome).toMatchObject({ ...exited, exitCode: 3 });
    expect(attempt.text("stdout")).toBe("first\nsecond\n");
  });

  it("see only their own variables", async () => {
    const attempt = begin({
      steps: [{ ...shell('echo "$COLOUR"'), env: { COLOUR: "red" } }, shell('echo "<$COLOUR>"')],
    });

    await attempt.outcome;
    expect(attempt.text("stdout")).toBe("red\n<>\n");
  });
}

function describeTaskOutput(begin: Begin): void {
  it("comes back as text, written by any step", async () => {
    const write = (line: string) => shell('printf "%s\\n" "$1" >> "$TASK_OUTPUT"', line);
    const attempt = begin({ steps: [write("count=3"), write("city=Zürich")] });

    expect(await attempt.outcome).toMatchObject({ ...exited, output: "count=3\ncity=Zürich\n" });
  });

  it("is null when nothing was written", async () => {
    const attempt = begin({ steps: [shell('test -n "$TASK_OUTPUT"')] });

    expect(await attempt.outcome).toMatchObject(exited);
  });

  it("is read after a failure too", async () => {
    const attempt = begin({ steps: [shell('echo reason=disk > "$TASK_OUTPUT"; exit 4')] });

    expect(await attempt.outcome).toMatchObject({
      ...exited,
      exitCode: 4,
      output: "reason=disk\n",
    });
  });

  it("is cut one byte above the limit, so that the excess is noticed", async () => {
    const attempt = begin({
      steps: [shell("head -c 3000000 /dev/zero | tr '\\0' x > \"$TASK_OUTPUT\"")],
    });

    const outcome = await attempt.outcome;
    expect(outcome.kind === "exited" && outcome.output?.length).toBe(MAX_RESULT_BYTES + 1);
  });
}
