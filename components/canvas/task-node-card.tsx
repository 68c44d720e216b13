import clsx from "clsx";
import type { ReactNode } from "react";
import type { ExecutionStatus } from "@/lib/domain/status";

export type TaskNodeCardProps = {
  name: string;
  /** Colours the bar on the left, and the whole node when it is too small to read. */
  status?: ExecutionStatus | undefined;
  /** Before the name: the status or the kind of the task. */
  icon?: ReactNode;
  /** After the name: attempt n/m, the number of problems. */
  badge?: ReactNode;
  /** Second line: key and image, or the status in words. */
  line?: ReactNode;
  /** At the end of the second line: a countdown, a duration. */
  lineEnd?: ReactNode;
  /** Third line: why it waits, what it runs. */
  footer?: ReactNode;
  selected?: boolean;
  /** Something is wrong with it that a person must mend. */
  invalid?: boolean;
  /** Steps back behind others, such as what a search did not find. */
  dimmed?: boolean;
};

/** How a task looks on every canvas. It fills its node (240 × 72) and shows less the further away it is. */
export function TaskNodeCard(props: TaskNodeCardProps) {
  const { name, status, icon, badge, selected = false, invalid = false, dimmed = false } = props;
  return (
    <div
      data-status={status}
      className={clsx(
        "relative flex size-full overflow-hidden rounded-lg border text-left text-sm transition-[border-color,opacity]",
        status
          ? "group-data-[detail=block]/canvas:bg-status"
          : "group-data-[detail=block]/canvas:bg-control",
        invalid ? "border-danger-fg" : BORDER[status ? "status" : "plain"],
        selected ? "bg-selected outline-accent-fg outline-2" : "bg-raised",
        dimmed && "opacity-35",
      )}
    >
      <span aria-hidden className={clsx("w-1 shrink-0", status ? "bg-status" : "bg-line")} />
      <div className="flex min-w-0 flex-1 flex-col justify-center px-2.5 group-data-[detail=block]/canvas:hidden">
        <div className="flex min-w-0 items-center gap-1.5">
          <span className="contents group-data-[detail=name]/canvas:[&_svg]:size-7">{icon}</span>
          <span
            title={name}
            className="min-w-0 flex-1 truncate font-medium group-data-[detail=name]/canvas:line-clamp-2 group-data-[detail=name]/canvas:text-xl group-data-[detail=name]/canvas:leading-6 group-data-[detail=name]/canvas:wrap-anywhere group-data-[detail=name]/canvas:whitespace-normal"
          >
            {name}
          </span>
          {badge}
        </div>
        <Lines {...props} />
      </div>
    </div>
  );
}

const BORDER = { status: "border-status", plain: "border-control" } as const;

/** What is left out when the letters of the name have to be large. */
function Lines({ line, lineEnd, footer }: TaskNodeCardProps) {
  return (
    <div className="min-w-0 group-data-[detail=name]/canvas:hidden">
      {(line || lineEnd) && (
        <div className="text-muted flex min-w-0 items-center gap-2 text-xs">
          <div className="min-w-0 flex-1 truncate">{line}</div>
          {lineEnd && <div className="shrink-0 tabular-nums">{lineEnd}</div>}
        </div>
      )}
      {footer && <div className="text-muted truncate text-xs">{footer}</div>}
    </div>
  );
}
