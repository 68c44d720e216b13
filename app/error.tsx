"use client";

import { ErrorState } from "@/components/shared/error-state";

/** Next.js calls a fault's digest what the server's log has it under. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <ErrorState title="Something went wrong on this page" onRetry={reset}>
      Nothing that runs is affected. Try again; if it stays, look for{" "}
      {error.digest ? <code className="font-mono">{error.digest}</code> : "the error"} in the log of
      the server.
    </ErrorState>
  );
}
