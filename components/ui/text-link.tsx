import clsx from "clsx";
import Link from "next/link";
import type { ComponentProps } from "react";

/** A link within text. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...props}
      className={clsx(
        "text-accent-fg decoration-control rounded-sm underline decoration-1 underline-offset-2 hover:decoration-current",
        className,
      )}
    />
  );
}
