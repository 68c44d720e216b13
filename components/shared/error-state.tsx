"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "./empty-state";

export type ErrorStateProps = {
  title?: string;
  onRetry?: () => void;
  retrying?: boolean;
  className?: string;
  /** What happened, in words, and the remedy. */
  children?: ReactNode;
};

/** What should be here could not be loaded. */
export function ErrorState({
  title = "This could not be loaded",
  onRetry,
  retrying = false,
  className,
  children,
}: ErrorStateProps) {
  return (
    <div role="alert" className={className}>
      <EmptyState
        icon={<TriangleAlert className="text-danger-fg" />}
        title={title}
        action={
          onRetry && (
            <Button onClick={onRetry} pending={retrying}>
              Try again
            </Button>
          )
        }
      >
        {children}
      </EmptyState>
    </div>
  );
}
