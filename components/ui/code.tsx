import clsx from "clsx";
import { CopyButton } from "./copy-button";

/** A name or a value that a machine reads, within text. */
export function Code({ className, children }: { className?: string; children: string }) {
  return (
    <code
      className={clsx("bg-sunken rounded-sm px-1 py-px font-mono text-xs break-words", className)}
    >
      {children}
    </code>
  );
}

/** Lines of code, JSON or output, with a button that copies them. */
export function CodeBlock({
  label,
  wrap = false,
  className,
  children,
}: {
  /** What it is, for screen readers. */
  label: string;
  wrap?: boolean;
  className?: string;
  children: string;
}) {
  return (
    <div className={clsx("group bg-sunken relative min-w-0 rounded-md", className)}>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-md p-3 pr-10"
      >
        <pre
          className={clsx("font-mono text-xs leading-5", wrap && "break-words whitespace-pre-wrap")}
        >
          {children}
        </pre>
      </section>
      <span className="bg-sunken absolute top-1 right-1 rounded-md">
        <CopyButton label={`Copy ${label}`} value={children} />
      </span>
    </div>
  );
}
