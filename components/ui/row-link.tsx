import clsx from "clsx";
import Link from "next/link";
import type { ComponentProps } from "react";

/** The link in a row's main cell; the whole row is its target. Other controls in the row need `className="relative z-1"`. */
export function RowLink({ className, ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...props}
      className={clsx(
        "text-fg focus-visible:after:outline-focus font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2",
        className,
      )}
    />
  );
}
