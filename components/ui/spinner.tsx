import clsx from "clsx";
import { LoaderCircle } from "lucide-react";

/** Something is under way. Silent unless given a label. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <span role={label ? "status" : undefined} className={clsx("inline-flex", className)}>
      <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" />
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}
