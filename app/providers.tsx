"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { ToastProvider } from "@/components/ui/toast";
import { TooltipProvider } from "@/components/ui/tooltip";
import { isTransient } from "@/lib/client/fetch-json";

/** What every client component may rely on. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  return (
    <CSPProvider nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>
          <TooltipProvider>
            <ToastProvider>{children}</ToastProvider>
          </TooltipProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </CSPProvider>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // What the server rendered is fresh enough not to be fetched again at once.
      queries: {
        staleTime: 2_000,
        retry: (failures, error) => failures < 2 && isTransient(error),
        // The server may well be on this very machine; whether there is a network says nothing about it.
        networkMode: "always",
      },
    },
  });
}
