import { expect, it } from "vitest";
import type { Begin } from "./conformance";
import { type RunnerFacts, shell } from "./conformance-harness";

const MEGABYTE = 1_000_000;

// A line of 1 GB takes half a minute on a small machine and proves little more than one of 100 MB: on demand only.
// biome-ignore lint/style/noProcessEnv: a switch of the tests, not configuration of the product
const LONG_LINE_BYTES = process.env.LONG_TESTS ? 1_000 * MEGABYTE : 100 * MEGABYTE;

/** What arrives of standard output and standard error. */
export function describeOutput(facts: RunnerFacts, begin: Begin): void {
  it("keeps the order of both streams", async () => {
    const script = "for i in 1 2 3; do echo out$i; sleep 0.1; echo err$i >&2; sleep 0.1; done";
    const attempt = begin({ steps: [shell(script)] });

    await attempt.outcome;
    const seen = attempt.chunks.map((chunk) => `${chunk.stream} ${Buffer.from(chunk.bytes)}`);
    const expected = [1, 2, 3].flatMap((i) => [`stdout out${i}\n`, `stderr err${i}\n`]);
    expect(seen).toEqual(expected);
  });

  it("arrives while the command runs", async () => {
    const attempt = begin({ steps: [shell("echo early; sleep 1000")] });

    await attempt.printed("early");
    attempt.kill.abort();
    expect(await attempt.outcome).toEqual({ kind: "stopped" });
  });

  it("delivers NUL and invalid UTF-8", async () => {
    const attempt = begin({
      steps: [shell("printf 'a\\000b\\377\\200c\\303'; printf '\\000' >&2")],
    });

    await attempt.outcome;
    const printed = Buffer.from([97, 0, 98, 255, 128, 99, 195]);
    const expected = facts.bytes === "exact" ? printed : Buffer.from(printed.toString("utf8"));
    expect(attempt.bytes("stdout")).toEqual(expected);
    expect(attempt.bytes("stderr")).toEqual(Buffer.from([0]));
  });

  it("delivers all that was written just before the end", async () => {
    const attempt = begin({ steps: [shell("seq 1 20000; seq 1 20000 >&2; exit 1")] });

    await attempt.outcome;
    const expected = Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`).join("");
    expect(attempt.text("stdout")).toBe(expected);
    expect(attempt.text("stderr")).toBe(expected);
  });

  it("lets a command open /dev/stdout and /dev/stderr", async () => {
    const attempt = begin({ steps: [shell("echo one > /dev/stdout; echo two > /dev/stderr")] });

    await attempt.outcome;
    expect([attempt.text("stdout"), attempt.text("stderr")]).toEqual(["one\n", "two\n"]);
  });

  it("takes a flood of lines in bounded memory", async () => {
    const flood = await measure(begin, `yes 0123456789 | head -c ${200 * MEGABYTE}`);

    expect(flood.bytes).toBe(200 * MEGABYTE);
    expect(flood.growth).toBeLessThan(150 * MEGABYTE);
  }, 120_000);

  it("takes one huge line in bounded memory", async () => {
    const flood = await measure(begin, `head -c ${LONG_LINE_BYTES} /dev/zero | tr '\\0' x`);

    expect(flood.bytes).toBe(LONG_LINE_BYTES);
    expect(flood.growth).toBeLessThan(150 * MEGABYTE);
  }, 300_000);

  it("is not mixed up between 20 attempts at once", async () => {
    const attempts = Array.from({ length: 20 }, (_, i) =>
      begin({ steps: [shell('for i in $(seq 1 300); do echo "$1 $i"; done', `attempt-${i}`)] }),
    );

    await Promise.all(attempts.map((attempt) => attempt.outcome));
    attempts.forEach((attempt, i) => {
      const expected = Array.from({ length: 300 }, (_, line) => `attempt-${i} ${line + 1}\n`);
      expect(attempt.text("stdout")).toBe(expected.join(""));
    });
  }, 60_000);
}

/** Runs a script whose output is only counted; how much it was and how far this process grew meanwhile. */
async function measure(begin: Begin, script: string): Promise<{ bytes: number; growth: number }> {
  const before = process.memoryUsage.rss();
  let bytes = 0;
  let peak = before;
  const attempt = begin({
    steps: [shell(script)],
    onOutput: (_stream, chunk) => {
      bytes += chunk.length;
      peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  await attempt.outcome;
  return { bytes, growth: peak - before };
}
