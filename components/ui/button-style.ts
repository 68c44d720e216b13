import clsx from "clsx";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md";

const VARIANT = {
  primary: "bg-accent text-on-accent hover:not-data-disabled:bg-accent-hover",
  secondary:
    "border border-line bg-raised text-fg hover:not-data-disabled:border-control hover:not-data-disabled:bg-hover data-popup-open:bg-hover",
  ghost: "text-fg hover:not-data-disabled:bg-hover data-popup-open:bg-hover",
  danger: "bg-danger text-on-danger hover:not-data-disabled:bg-danger-hover",
} as const satisfies Record<ButtonVariant, string>;

const SIZE = {
  sm: "h-7 gap-1.5 px-2",
  md: "h-8 gap-2 px-3",
} as const satisfies Record<ButtonSize, string>;

/** The classes of everything that looks like a button, whatever element it is. */
export function buttonStyle({
  variant = "secondary",
  size = "md",
  square = false,
}: {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** As wide as high, for an icon alone. */
  square?: boolean;
}): string {
  return clsx(
    "relative inline-flex shrink-0 items-center justify-center rounded-md text-sm font-medium whitespace-nowrap transition-colors select-none",
    "data-disabled:cursor-not-allowed data-disabled:not-aria-busy:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
    VARIANT[variant],
    square ? { sm: "size-7", md: "size-8" }[size] : SIZE[size],
  );
}
