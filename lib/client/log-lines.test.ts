import { expect, it } from "vitest";
import type { LogChunkView } from "@/lib/domain/views";
import { appendPage, EMPTY_LOG } from "./log-lines";

function chunk(firstLine: number, content: string, isPreview = false): LogChunkView {
  const lineCount = content.split("\n").length;
  return { firstLine, lineCount, content, isPreview, at: "2026-01-01T00:00:00.000Z" };
}

const textsOf = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

it("tells the streams apart and numbers the lines", () => {
  const log = appendPage(EMPTY_LOG, { chunks: [chunk(1, "oone\netwo")], nextLine: 3, end: false });

  expect(log.lines).toMatchObject([
    { number: 1, mark: "o", text: "one" },
    { number: 2, mark: "e", text: "two" },
  ]);
  expect(log).toMatchObject({ nextLine: 3, caughtUp: false, end: false });
});

it("adds only what is new when a page repeats lines", () => {
  const first = appendPage(EMPTY_LOG, { chunks: [chunk(1, "oa\nob")], nextLine: 3, end: false });
  const second = appendPage(first, { chunks: [chunk(2, "ob\noc")], nextLine: 4, end: false });

  expect(textsOf(second.lines)).toEqual(["a", "b", "c"]);
});

it("is caught up once a page brings nothing", () => {
  const first = appendPage(EMPTY_LOG, { chunks: [chunk(1, "oa")], nextLine: 2, end: false });
  const second = appendPage(first, { chunks: [], nextLine: 2, end: false });

  expect(second).toMatchObject({ caughtUp: true, end: false, nextLine: 2 });
});

it("lets the engine's remark stand for the lines that were dropped", () => {
  const chunks = [
    chunk(1, "oa"),
    chunk(2, "s900 lines with 9 bytes dropped here"),
    chunk(902, "oz"),
  ];
  const log = appendPage(EMPTY_LOG, { chunks, nextLine: 903, end: true });

  expect(log.lines.map(({ number, mark }) => [number, mark])).toEqual([
    [1, "o"],
    [2, "s"],
    [902, "o"],
  ]);
});

it("replaces a preview as a whole and marks what lies before it", () => {
  const head = chunk(1, "oa");
  const first = appendPage(EMPTY_LOG, {
    chunks: [head, chunk(50, "ox", true)],
    nextLine: 2,
    end: false,
  });
  const second = appendPage(first, { chunks: [chunk(90, "oy", true)], nextLine: 2, end: false });

  expect(textsOf(first.preview)).toEqual(["… 48 lines not shown", "x"]);
  expect(textsOf(second.preview)).toEqual(["… 88 lines not shown", "y"]);
  expect(textsOf(second.lines)).toEqual(["a"]);
});

it("drops the preview when the rest of the log is there", () => {
  const first = appendPage(EMPTY_LOG, {
    chunks: [chunk(1, "oa"), chunk(3, "oc", true)],
    nextLine: 2,
    end: false,
  });
  const last = appendPage(first, { chunks: [chunk(2, "ob\noc")], nextLine: 4, end: true });

  expect(textsOf([...last.lines, ...last.preview])).toEqual(["a", "b", "c"]);
});

it("keeps an empty line", () => {
  const log = appendPage(EMPTY_LOG, { chunks: [chunk(1, "oa\no\nob")], nextLine: 4, end: true });

  expect(textsOf(log.lines)).toEqual(["a", "", "b"]);
});
