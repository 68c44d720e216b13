import clsx from "clsx";

/** The place of something that is being loaded; give it the size of what will come. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={clsx("bg-hover block rounded-sm motion-safe:animate-pulse", className)}
    />
  );
}
