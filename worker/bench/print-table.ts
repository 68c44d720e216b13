import type { Result } from "./results";
import type { Target } from "./workload";

const HEAD = ["", "workload", "ours", "bare", "full", "ours/full", "must", "", "moonshot", ""];

/** The results as a table for people. */
export function formatTable(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.id,
    result.title,
    number(result.ours, result.unit),
    number(result.bare, result.unit),
    number(result.full, result.unit),
    result.ofFull === null ? "" : result.ofFull.toFixed(2),
    describeTarget(result.must, result.unit),
    verdict(result.holdsMust),
    describeTarget(result.moonshot, result.unit),
    verdict(result.holdsMoonshot),
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, i) => Math.max(...table.map((row) => [...(row[i] ?? "")].length)));
  return table
    .map((row) =>
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0, i))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(cell: string, width: number, column: number): string {
  const space = " ".repeat(Math.max(0, width - [...cell].length));
  const isNumber = column >= 2 && column <= 5;
  return isNumber ? space + cell : cell + space;
}

function number(value: number | null, unit: string): string {
  if (value === null) return "";
  const digits = value >= 1000 ? 0 : value >= 20 ? 1 : 2;
  const text = value.toLocaleString("en", { maximumFractionDigits: digits });
  return unit === "/s" ? `${text}/s` : `${text} ${unit}`.trimEnd();
}

function describeTarget(target: Target | null, unit: string): string {
  if (!target) return "";
  const { atLeast, atMost, ofFull } = target;
  return [
    atLeast !== undefined && `≥ ${number(atLeast, unit)}`,
    atMost !== undefined && `≤ ${number(atMost, unit)}`,
    ofFull !== undefined && `≥ ${ofFull} of full`,
  ]
    .filter(Boolean)
    .join(", ");
}

function verdict(holds: boolean | null): string {
  if (holds === null) return "";
  return holds ? "holds" : "missed";
}
