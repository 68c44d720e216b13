import clsx from "clsx";
import Link from "next/link";

/** Three tasks and two dependencies: the smallest graph worth drawing. */
function LogoMark({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 20 20" fill="none" className={clsx("size-5 shrink-0", className)}>
      <path
        d="M6.5 5.5h3a2 2 0 0 1 2 2v.5M6.5 14.5h3a2 2 0 0 0 2-2V12"
        stroke="currentColor"
        strokeWidth="1.75"
        className="text-faint"
      />
      <circle cx="4.5" cy="5.5" r="2.5" fill="currentColor" />
      <circle cx="4.5" cy="14.5" r="2.5" fill="currentColor" />
      <rect x="9.5" y="7.5" width="8" height="5" rx="2.5" className="fill-accent" />
    </svg>
  );
}

export function Logo() {
  return (
    <Link
      href="/"
      className="flex h-8 items-center gap-2 rounded-md px-1.5 text-base font-semibold"
    >
      <LogoMark />
      <span className="nav-folded:md:hidden">Dagline</span>
    </Link>
  );
}
