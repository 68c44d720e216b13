type Segment = {
  label: string;
  value: number;
  /** Any CSS colour, such as "var(--accent)". */
  color: string;
};

export type StackedBarProps = {
  /** What is counted, for screen readers, which also hear the segments. */
  label: string;
  segments: readonly Segment[];
  /** The whole; the sum of the segments when it is left out. */
  total?: number;
};

const GAP_PERCENT = 0.4;

/**
 * Parts of a whole in a line. Drawn with SVG, whose widths are attributes and no inline styles, so a strict content
 * security policy does not hide it.
 */
export function StackedBar({ label, segments, total }: StackedBarProps) {
  const shown = segments.filter((segment) => segment.value > 0);
  const whole = Math.max(total ?? 0, sum(shown));
  const words = shown.map((segment) => `${segment.value} ${segment.label}`).join(", ");
  return (
    <svg
      role="img"
      aria-label={`${label}: ${words || "none"}`}
      className="block h-1.5 w-full overflow-hidden rounded-full"
    >
      <rect width="100%" height="100%" className="fill-sunken" />
      {shown.map((segment, index) => (
        <rect
          key={segment.label}
          x={`${(sum(shown.slice(0, index)) / whole) * 100}%`}
          width={`${Math.max(0.5, (segment.value / whole) * 100 - GAP_PERCENT)}%`}
          height="100%"
          fill={segment.color}
        >
          <title>{`${segment.value} ${segment.label}`}</title>
        </rect>
      ))}
    </svg>
  );
}

function sum(segments: readonly Segment[]): number {
  return segments.reduce((total, { value }) => total + value, 0);
}
