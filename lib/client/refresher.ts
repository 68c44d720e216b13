import type { QueryClient, QueryKey } from "@tanstack/react-query";

type Work = { again: boolean };

/**
 * Refetches what is on the screen, for each key never twice at once: a hint that comes while it is being fetched asks once
 * more afterwards. Otherwise hints that come faster than answers would cancel every answer.
 */
export function createRefresher(client: QueryClient): (keys: readonly QueryKey[]) => void {
  const underWay = new Map<string, Work>();

  function refresh(key: QueryKey): void {
    const hash = JSON.stringify(key);
    const current = underWay.get(hash);
    if (current) {
      current.again = true;
      return;
    }
    const work: Work = { again: false };
    underWay.set(hash, work);
    void client.invalidateQueries({ queryKey: key }).finally(() => {
      underWay.delete(hash);
      if (work.again) refresh(key);
    });
  }

  return (keys) => {
    for (const key of keys) refresh(key);
  };
}
