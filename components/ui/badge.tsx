import clsx from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "info" | "success" | "warning" | "danger";

const TONE = {
  neutral: "bg-sunken text-muted",
  accent: "bg-selected text-accent-fg",
  info: "bg-info-tint text-info-fg",
  success: "bg-success-tint text-success-fg",
  warning: "bg-warning-tint text-warning-fg",
  danger: "bg-danger-tint text-danger-fg",
} as const satisfies Record<Tone, string>;

/** A word or a count. Statuses have a badge of their own. */
export function Badge({
  tone = "neutral",
  icon,
  className,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        "inline-flex h-5 max-w-full min-w-5 shrink-0 items-center justify-center gap-1 rounded-sm px-1.5 align-top text-xs font-medium whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0",
        TONE[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
