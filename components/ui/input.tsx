"use client";

import { Input as BaseInput } from "@base-ui/react/input";
import clsx from "clsx";
import type { ReactNode } from "react";
import { CONTROL_HEIGHT, CONTROL_STYLE, type ControlSize } from "./control-style";

export type InputProps = Omit<BaseInput.Props, "className" | "size" | "render"> & {
  className?: string;
  size?: ControlSize;
  /** For what a machine reads: names of images, paths, ids. */
  mono?: boolean;
  /** An icon inside, on the left. */
  icon?: ReactNode;
};

export function Input({ size = "md", mono = false, icon, className, ...props }: InputProps) {
  const input = (
    <BaseInput
      autoComplete="off"
      spellCheck={mono ? false : undefined}
      {...props}
      className={clsx(
        CONTROL_STYLE,
        CONTROL_HEIGHT[size],
        mono && "font-mono",
        icon ? "pr-2 pl-8" : "px-2",
        className,
      )}
    />
  );
  if (!icon) return input;
  return (
    <span className="relative block min-w-0 grow">
      <span className="text-faint pointer-events-none absolute inset-y-0 left-2 z-10 flex items-center [&_svg]:size-4">
        {icon}
      </span>
      {input}
    </span>
  );
}
