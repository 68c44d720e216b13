import clsx from "clsx";
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

type CalloutTone = "info" | "success" | "warning" | "danger";

const LOOK = {
  info: { icon: Info, text: "text-info-fg", tint: "bg-info-tint" },
  success: { icon: CircleCheck, text: "text-success-fg", tint: "bg-success-tint" },
  warning: { icon: TriangleAlert, text: "text-warning-fg", tint: "bg-warning-tint" },
  danger: { icon: CircleAlert, text: "text-danger-fg", tint: "bg-danger-tint" },
} as const satisfies Record<CalloutTone, { icon: LucideIcon; text: string; tint: string }>;

export type CalloutProps = {
  tone?: CalloutTone;
  title?: ReactNode;
  /** In the place of the tone's own. */
  icon?: ReactNode;
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
};

/** A remark within a page. */
export function Callout({ className, ...props }: CalloutProps) {
  return <Message {...props} className={clsx("rounded-md py-2", className)} />;
}

/** A remark across the whole page. */
export function Banner({ className, ...props }: CalloutProps) {
  return <Message {...props} className={clsx("border-line border-b py-1.5", className)} />;
}

function Message({ tone = "info", title, icon, action, className, children }: CalloutProps) {
  const { icon: Icon, text, tint } = LOOK[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : undefined}
      className={clsx("flex items-start gap-2 px-3 text-sm", tint, className)}
    >
      <span className={clsx("mt-0.5 shrink-0 [&_svg]:size-4", text)}>
        {icon ?? <Icon aria-hidden />}
      </span>
      <div className="min-w-0 flex-1 break-words">
        {title && <p className={clsx("font-medium", text)}>{title}</p>}
        {children && <div className="text-fg text-pretty">{children}</div>}
      </div>
      {action && <div className="-my-0.5 shrink-0">{action}</div>}
    </div>
  );
}
