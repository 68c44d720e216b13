import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_LOG_BYTES, MAX_LOG_LINE_BYTES } from "@/lib/domain/limits";
import { createLogCollector, type LogChunk } from "./log-collector";
import type { OutputStream } from "./runners/runner";

type Write = [OutputStream, Uint8Array | string];
type Options = { secrets?: string[]; maxBytes?: number; takeAfterEach?: boolean };

function collect(writes: Write[], { takeAfterEach = false, ...options }: Options = {}): LogChunk[] {
  const collector = createLogCollector({ secrets: [], ...options });
  const chunks: LogChunk[] = [];
  for (const [stream, data] of writes) {
    collector.write(stream, typeof data === "string" ? Buffer.from(data) : data);
    if (takeAfterEach) chunks.push(...collector.takeChunks());
  }
  return [...chunks, ...collector.finish()];
}

/** Line number to line, with its mark. */
function linesOf(chunks: LogChunk[]): Map<number, string> {
  const lines = new Map<number, string>();
  for (const { firstLine, lineCount, content } of chunks) {
    const texts = content.split("\n");
    if (texts.length !== lineCount) throw new Error(`${texts.length} lines, not ${lineCount}.`);
    for (const [index, text] of texts.entries()) {
      if (lines.has(firstLine + index)) throw new Error("Two lines have the same number.");
      lines.set(firstLine + index, text);
    }
  }
  return lines;
}

function textOf(text: string | Uint8Array, options?: Options): string[] {
  return [...linesOf(collect([["stdout", text]], options)).values()].map((line) => line.slice(1));
}

describe("lines", () => {
  it.each<[string, string | number[], string[]]>([
    ["nothing", "", []],
    ["a line without an end", "abc", ["abc"]],
    ["an empty line", "\n", [""]],
    ["two lines", "a\nb\n", ["a", "b"]],
    ["Windows line ends", "a\r\nb\r\n", ["a", "b"]],
    ["progress that rewrites itself", "10%\r50%\r100%\ndone\n", ["100%", "done"]],
    ["a carriage return at the very end", "50%\r", ["50%"]],
    ["several carriage returns", "a\r\r\nb", ["a", "b"]],
    ["an empty line after progress", "a\r\n\nb", ["a", "", "b"]],
    ["tabs and colours", "\t\u001b[31mred\u001b[0m\n", ["\t\u001b[31mred\u001b[0m"]],
    ["NUL, BEL and DEL", "a\0b\u0007c\u007f\n", ["a␀b␇c␡"]],
    ["C1 controls", "a\u0085b\u009bc\n", ["a\uFFFDb\uFFFDc"]],
    ["invalid UTF-8", [0x61, 0xff, 0x62, 0x0a], ["a\uFFFDb"]],
    ["a character cut off by the end", [0x61, 0xe6, 0x97], ["a\uFFFD"]],
    ["all planes", "é日本🚀\n", ["é日本🚀"]],
  ])("reads %s", (_name, input, expected) => {
    expect(textOf(typeof input === "string" ? input : Uint8Array.from(input))).toEqual(expected);
  });

  it("keeps the order of both streams and marks them", () => {
    const writes: Write[] = [
      ["stdout", "one\ntw"],
      ["stderr", "oops\n"],
      ["stdout", "o\n"],
    ];

    expect(collect(writes)).toEqual([{ firstLine: 1, lineCount: 3, content: "oone\neoops\notwo" }]);
  });

  it("cuts a long line between two characters and says what was dropped", () => {
    const [line = "", next] = textOf(`${"é".repeat(100_000)}\nnext\n`);

    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_LOG_LINE_BYTES);
    const [, kept = "", dropped] = /^(é+) \[(\d+) bytes of this line dropped\]$/.exec(line) ?? [];
    expect(kept.length).toBeGreaterThan(32_000);
    expect(Buffer.byteLength(kept) + Number(dropped)).toBe(200_000);
    expect(next).toBe("next");
  });
});

describe("secrets", () => {
  const secret = "p@ss w0rd/+?é";

  it.each([
    ["plain", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    [
      "URL-encoded in lower case",
      encodeURIComponent(secret).replace(/%../g, (c) => c.toLowerCase()),
    ],
    ["form-encoded", encodeURIComponent(secret).replaceAll("%20", "+")],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64url", Buffer.from(secret).toString("base64url")],
  ])("are redacted when printed %s", (_name, printed) => {
    expect(textOf(`before ${printed} after ${printed}\n`, { secrets: [secret] })).toEqual([
      "before ••• after •••",
    ]);
  });

  it.each(["u:", "me:", "you:", "them:"])("are redacted inside the base64 of %s…", (user) => {
    const inner = Buffer.from(secret).toString("base64").slice(4, 12);
    const header = Buffer.from(`${user}${secret}\n`).toString("base64");
    const [line = ""] = textOf(`Basic ${header}\n`, { secrets: [secret] });

    expect(line).toContain("•••");
    expect(line).not.toContain(inner);
    // What is left are the characters at the seams, which hold at most a few bits of the secret.
    expect(line.replace("Basic ", "").length).toBeLessThan(header.length - 12);
  });

  it("are redacted across lines, and line by line", () => {
    const key = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----";

    expect(textOf(`<${key}>\n`, { secrets: [key] })).toEqual(["<•••>"]);
    expect(textOf("  ijklmnop\n", { secrets: [key] })).toEqual(["  •••"]);
  });

  it("prefers the longer of two that start alike", () => {
    expect(textOf("abcd abc abce\n", { secrets: ["abc", "abcd"] })).toEqual(["••• ••• •••e"]);
  });

  it("do not appear in the last lines either", () => {
    const collector = createLogCollector({ secrets: ["hunter22"] });
    collector.write("stderr", Buffer.from("a\nb\nlogin with hun"));
    collector.write("stderr", Buffer.from("ter22 failed\n"));

    expect(collector.lastLines(2)).toEqual(["b", "login with ••• failed"]);
    expect(collector.lastLines(0)).toEqual([]);
  });
});

describe("chunks", () => {
  it("are handed out once, as soon as their lines are complete", () => {
    const collector = createLogCollector({ secrets: [] });

    collector.write("stdout", Buffer.from("a\nb\nc"));
    expect(collector.takeChunks()).toEqual([{ firstLine: 1, lineCount: 2, content: "oa\nob" }]);
    expect(collector.takeChunks()).toEqual([]);
    expect(collector.preview()).toBeNull();
    expect(collector.finish()).toEqual([{ firstLine: 3, lineCount: 1, content: "oc" }]);
  });

  it("hold about 64 KiB each", () => {
    const chunks = collect([["stdout", "0123456789\n".repeat(50_000)]]);

    expect(chunks.length).toBeGreaterThan(8);
    for (const { content } of chunks) expect(content.length).toBeLessThanOrEqual(64 * 1024);
    expect(linesOf(chunks).size).toBe(50_000);
  });

  it("drop nothing up to the limit", () => {
    const line = `${"x".repeat(998)}\n`; // 1,000 bytes with its mark
    const chunks = collect([["stdout", line.repeat(10_400)]]);

    expect([...linesOf(chunks).keys()]).toEqual(Array.from({ length: 10_400 }, (_, i) => i + 1));
  });

  it("keep the beginning and the end of too much, and say what is missing", () => {
    const total = 800_000;
    const numbers = Array.from({ length: total }, (_, i) => `${i + 1} some more text\n`).join("");
    const chunks = collect([["stdout", numbers]]);
    const lines = linesOf(chunks);

    const size = chunks.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    expect(size).toBeLessThanOrEqual(MAX_LOG_BYTES);
    expect(size).toBeGreaterThan(MAX_LOG_BYTES * 0.98);
    const remarks = [...lines].filter(([, line]) => line.startsWith("s"));
    expect(remarks).toHaveLength(1);
    const [[number, remark] = [0, ""]] = remarks;
    const [dropped = 0, bytes = 0] = (remark.match(/\d+/g) ?? []).map(Number);
    expect(lines.size - 1 + dropped).toBe(total);
    expect(lines.get(number - 1)).toBe(`o${number - 1} some more text`);
    expect(lines.get(number + dropped)).toBe(`o${number + dropped} some more text`);
    expect(lines.get(total)).toBe(`o${total} some more text`);
    // Every line is stored with a mark, and all but the last of a chunk with its line feed.
    expect(size - remark.length + chunks.length - 1 + bytes).toBe(numbers.length + total);
  });

  it("show the latest lines while the end is held back", () => {
    const collector = createLogCollector({ secrets: [], maxBytes: 100_000 });
    collector.write("stdout", Buffer.from("0123456789\n".repeat(30_000)));
    collector.takeChunks();
    const preview = collector.preview();

    expect(preview && preview.firstLine + preview.lineCount - 1).toBe(30_000);
    expect(preview?.content.length).toBeLessThanOrEqual(64 * 1024);
    expect(collector.takeChunks()).toEqual([]);
  });
});

describe("any bytes, cut anywhere", () => {
  const pieces = fc.constantFrom(
    ...[
      "a",
      "b",
      "ab",
      "\n",
      "\r",
      "\r\n",
      "\0",
      "é",
      "🚀",
      "sec",
      "ret",
      "secret",
      "secrecy",
      "YWJ",
    ],
  );
  const bytes = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(""))),
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(MAX_LOG_LINE_BYTES).map((n) => Buffer.from(`é${"x".repeat(n)}日\n`)),
  );
  const writes = fc.array(fc.tuple(fc.constantFrom<OutputStream>("stdout", "stderr"), bytes), {
    maxLength: 8,
  });
  const secrets = ["secret", "secrecy\nabab", "abab", "\nab"];

  it("give the same lines", () => {
    fc.assert(
      fc.property(writes, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(3), (whole, cuts, big) => {
        const maxBytes = big === 0 ? 300 : MAX_LOG_BYTES;
        const cut = whole.flatMap(([stream, data]) =>
          cutAt(data, cuts).map((part): Write => [stream, part]),
        );

        const expected = linesOf(collect(whole, { secrets, maxBytes }));
        expect(linesOf(collect(cut, { secrets, maxBytes, takeAfterEach: maxBytes > 300 }))).toEqual(
          expected,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("never let a secret or a character through that a database refuses", () => {
    fc.assert(
      fc.property(writes, (whole) => {
        const text = collect(whole, { secrets })
          .map(({ content }) => content)
          .join("\n");
        expect(text).not.toContain("secret");
        expect(text).not.toContain("abab");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        expect(text).not.toMatch(/[\0-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]/);
        expect(Buffer.from(text).toString("utf8")).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

function cutAt(data: Uint8Array, cuts: number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (data.length + 1)), data.length].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, index) => data.subarray(places[index], end));
}

describe("a flood", () => {
  it.each([
    ["one line of 1 GB", "x", 1_000, MAX_LOG_LINE_BYTES],
    ["100 MB of lines", "0123456789\n", 100, MAX_LOG_BYTES],
    ["10 MB of empty lines", "\n", 10, MAX_LOG_BYTES],
    ["50 MB of progress", "50%é\r", 50, 100],
  ])(
    "of %s stays within a heap of 64 MB",
    async (_name, unit, megabytes, limit) => {
      const script = new URL("./logs/flood.ts", import.meta.url).pathname;
      const options = ["--max-old-space-size=64", "--import", "tsx"];
      const args = [...options, script, unit, String(megabytes)];
      const { stdout } = await promisify(execFile)(process.execPath, args);

      const { stored, peak } = JSON.parse(stdout);
      expect(stored).toBeGreaterThan(0);
      expect(stored).toBeLessThanOrEqual(limit);
      expect(peak).toBeLessThan(250_000_000);
    },
    120_000,
  );
});
