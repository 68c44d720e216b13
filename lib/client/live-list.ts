import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import type { Page } from "@/lib/domain/views";

/** A page of a list whose rows do not jump: what is newer than `head` is counted, not shown. */
export type LivePage<T> = {
  items: T[];
  next: string | null;
  /** Id of the newest row that is shown; null lets the next fetch show the newest there is. */
  head: string | null;
  newer: number;
};

type Pages<T> = { pages: LivePage<T>[]; pageParams: unknown[] };

type ListOptions<T> = {
  size: number;
  idOf: (item: T) => string;
  fetchPage: (cursor: string | null) => Promise<Page<T>>;
};

/** The page behind a cursor, or the first one with its rows kept in place. For the `queryFn` of an infinite query. */
export async function fetchLivePage<T>(
  options: ListOptions<T> & { client: QueryClient; queryKey: QueryKey; cursor: string | null },
): Promise<LivePage<T>> {
  const { client, queryKey, cursor, fetchPage } = options;
  if (cursor !== null) return { ...(await fetchPage(cursor)), head: null, newer: 0 };
  const head = client.getQueryData<Pages<T>>(queryKey)?.pages[0]?.head ?? null;
  return await fetchFirstPage({ ...options, head });
}

/** Puts the newer rows, which were only counted so far, at the top of a list. */
export function useShowNewest(): (queryKey: QueryKey) => Promise<void> {
  const client = useQueryClient();
  return async (queryKey) => {
    client.setQueryData<Pages<unknown>>(
      queryKey,
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({ ...page, head: null })),
        },
    );
    await client.invalidateQueries({ queryKey, exact: true });
  };
}

/** Beyond this many newer rows the list starts afresh, rather than ask on and on. */
const MAX_PAGES = 5;

/**
 * The first page of a list, newest first, as it was first seen: rows newer than `head` are only counted. Ids sort by time
 * of creation.
 */
export async function fetchFirstPage<T>(
  options: ListOptions<T> & { head: string | null },
): Promise<LivePage<T>> {
  const { head, size, idOf, fetchPage } = options;
  const first = await fetchPage(null);
  if (head === null) return fresh(first, idOf);

  const items = [...first.items];
  const isShown = (item: T) => idOf(item) <= head;
  let next = first.next;
  for (let pages = 1; next !== null && pages < MAX_PAGES; pages++) {
    if (items.filter(isShown).length >= size) break;
    const page = await fetchPage(next);
    items.push(...page.items);
    next = page.next;
  }
  const shown = items.filter(isShown);
  // Nothing of what was seen is near: then there is nothing that could jump.
  if (shown.length === 0) return fresh(first, idOf);
  return { items: shown, next, head, newer: items.length - shown.length };
}

function fresh<T>(page: Page<T>, idOf: (item: T) => string): LivePage<T> {
  const newest = page.items[0];
  return { ...page, head: newest === undefined ? null : idOf(newest), newer: 0 };
}
