import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { executionStatuses } from "@/lib/domain/status";

const css = readFileSync(new URL("./globals.css", import.meta.url), "utf8");
const themes = ["light", "dark"] as const;
type Theme = (typeof themes)[number];

const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }] as const,
  ),
);

const surfaces = ["canvas", "subtle", "raised", "sunken", "hover", "selected"];
const statuses = executionStatuses.map((status) => status.toLowerCase());
const tinted = ["danger", "warning", "info", "success"];

/** Every text colour with every background it is allowed to stand on. */
const textPairs = [
  ...["fg", "muted", "faint", "accent-fg"].flatMap((text) => surfaces.map((on) => [text, on])),
  ...["fg", "muted"].flatMap((text) => tinted.map((tone) => [text, `${tone}-tint`])),
  ...tinted.flatMap((tone) => [...surfaces, `${tone}-tint`].map((on) => [`${tone}-fg`, on])),
  ...statuses.flatMap((status) => [...surfaces, `${status}-tint`].map((on) => [status, on])),
  ...["accent", "accent-hover"].map((on) => ["on-accent", on]),
  ...["danger", "danger-hover"].map((on) => ["on-danger", on]),
];

/** What is no text but must be seen: the borders of controls and the focus ring. */
const shapePairs = ["control", "focus"].flatMap((shape) =>
  ["canvas", "subtle", "raised"].map((on) => [shape, on]),
);

describe.each(themes)("the %s theme", (theme) => {
  it.each(textPairs)("shows %s text on %s with a contrast of at least 4.5", (text, on) => {
    expect(contrast(colour(text, theme), colour(on, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapePairs)("shows the %s line on %s with a contrast of at least 3", (shape, on) => {
    expect(contrast(colour(shape, theme), colour(on, theme))).toBeGreaterThanOrEqual(3);
  });

  it("gives every status a colour of its own", () => {
    const colours = statuses.map((status) => colour(status, theme));

    expect(new Set(colours).size).toBe(executionStatuses.length);
  });
});

it.each(executionStatuses)(
  "gives elements with data-status %s the colours of that status",
  (status) => {
    const name = status.toLowerCase();
    const [, rule] = css.split(`[data-status="${status}"] {`);

    expect(rule?.slice(0, rule.indexOf("}")).trim().split(/;\s*/)).toEqual([
      `--status: var(--${name})`,
      `--status-tint: var(--${name}-tint)`,
      "",
    ]);
  },
);

it("computes the contrast of black and white as 21", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

function colour(name: string | undefined, theme: Theme): string {
  const token = tokens.get(name ?? "");
  if (!token) throw new Error(`globals.css has no colour --${name}`);
  return token[theme];
}

/** The contrast ratio of WCAG 2.2. */
function contrast(first: string, second: string): number {
  const [darker = 0, lighter = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
