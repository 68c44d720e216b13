import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { onHealed, reportConnection, setStreaming } from "./connection";
import { createRefresher } from "./refresher";
import { canShareStream, shareStream } from "./shared-stream";
import { keysOfTopics } from "./topics";

/** Once at the root: keeps what is on the screen as it is in the database, by the server's hints. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => startLive(client), [client]);
}

/** Hints are only hints: they say what to ask for again. Without a stream, the intervals of polling.ts do the same. */
function startLive(client: QueryClient): () => void {
  const refresh = createRefresher(client);
  const refreshAll = () => refresh([[]]);
  const stopHealing = onHealed(refreshAll);
  const stopStream = canShareStream()
    ? shareStream({
        onOpen: () => setStreaming(true),
        onReady: refreshAll,
        onTopics: (topics) => refresh(keysOfTopics(topics)),
        onDatabase: (available) => {
          if (!available) reportConnection("database-away");
          refresh([["system"]]);
        },
        onLost: () => {
          setStreaming(false);
          // Every query takes up its shorter interval, and the banner learns whether the server is away.
          refreshAll();
        },
      })
    : () => undefined;
  return () => {
    stopHealing();
    stopStream();
    setStreaming(false);
  };
}
