import type { MemoryFigures } from "./memory";
import type { Report } from "./report";

/** The report as Markdown. */
export function toMarkdown(report: Report): string {
  const { rows, bounds, violations, skipped, short, endedBy } = report;
  return [
    `# Soak: ${report.minutes} minutes, seed ${report.seed}`,
    `${report.workers} workers, faults ${report.faults.join(", ") || "none"}; plan ${report.plan}; took ${report.tookSeconds} s.`,
    ...(endedBy
      ? [`**Ended early by ${endedBy}**: what had not come to its end was not judged.`]
      : []),
    table(
      ["Done", "Times", "Needed", "What came of it", "Counted from"],
      rows.map((row) => [row.done, row.count, row.target, row.outcome, row.countedFrom]),
    ),
    "## How long it took (ms)",
    table(
      ["", "n", "p50", "p99", "max"],
      bounds.map(({ what, n, p50, p99, max }) => [what, n, p50, p99, max]),
    ),
    "## Memory of the workers (MB)",
    ...describeMemory(report.memory),
    "## Besides",
    Object.entries(report.alsoDone)
      .map(([what, n]) => `- ${what}: ${n}`)
      .join("\n"),
    ...(skipped.length > 0
      ? ["## Not done here", skipped.map((line) => `- ${line}`).join("\n")]
      : []),
    ...(short.length > 0 ? ["## Too few", short.map((line) => `- ${line}`).join("\n")] : []),
    violations.length === 0 ? "## No violation" : "## VIOLATIONS",
    ...violations.map(
      ({ rule, minute, count, sample, evidence }) =>
        `- ${rule}: ${count} (first seen in minute ${minute + 1}), for example ${sample.slice(0, 5).join(", ")}\n\n\`\`\`\n${evidence}\n\`\`\``,
    ),
  ].join("\n\n");
}

function table(head: string[], body: (string | number)[][]): string {
  return [head, head.map(() => "---"), ...body]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function describeMemory({ lived, others }: MemoryFigures): string[] {
  const rows = lived.map(({ name, minutes, firstThird, lastThird, perHour, peak }) => [
    name,
    minutes,
    firstThird,
    lastThird,
    perHour,
    peak,
  ]);
  const head = ["Worker", "Minutes", "First third", "Last third", "Slope per hour", "Peak"];
  return [
    ...(rows.length > 0 ? [table(head, rows)] : []),
    ...(others.count > 0
      ? [
          `Besides ${others.count} workers that lived for less than a minute, or less than these: peak ${others.median} (median), ${others.largest} (largest).`,
        ]
      : []),
    "The slope is that of the last two thirds of a life; a short one says little.",
  ];
}
