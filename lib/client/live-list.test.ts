import { expect, it } from "vitest";
import type { Page } from "@/lib/domain/views";
import { fetchFirstPage } from "./live-list";

/** A list of rows "01" to the given number, newest first, in pages of ten. */
function listOf(count: number) {
  const ids = Array.from({ length: count }, (_, i) => String(count - i).padStart(4, "0"));
  return async (cursor: string | null): Promise<Page<string>> => {
    const older = cursor === null ? ids : ids.filter((id) => id < cursor);
    const items = older.slice(0, 10);
    return { items, next: older.length > 10 ? (items.at(-1) ?? null) : null };
  };
}

const common = { size: 10, idOf: (id: string) => id };

it("shows the newest rows at first and remembers which was the newest", async () => {
  const page = await fetchFirstPage({ ...common, head: null, fetchPage: listOf(25) });

  expect(page).toMatchObject({ head: "0025", newer: 0, next: "0016" });
  expect(page.items).toHaveLength(10);
});

it("counts newer rows and keeps the ones that were shown", async () => {
  const page = await fetchFirstPage({ ...common, head: "0025", fetchPage: listOf(28) });

  expect(page).toMatchObject({ head: "0025", newer: 3 });
  expect(page.items[0]).toBe("0025");
  expect(page.items.length).toBeGreaterThanOrEqual(10);
});

it("shows nothing of the next page twice", async () => {
  const fetchPage = listOf(28);
  const page = await fetchFirstPage({ ...common, head: "0025", fetchPage });
  const older = await fetchPage(page.next);

  expect(page.items.filter((id) => older.items.includes(id))).toEqual([]);
  expect([...page.items, ...older.items].length).toBe(25);
});

it("starts afresh when more arrived than it looks through", async () => {
  const page = await fetchFirstPage({ ...common, head: "0025", fetchPage: listOf(500) });

  expect(page).toMatchObject({ head: "0500", newer: 0 });
});

it("shows the first row of an empty list at once", async () => {
  const empty = await fetchFirstPage({ ...common, head: null, fetchPage: listOf(0) });

  expect(empty).toEqual({ items: [], next: null, head: null, newer: 0 });
});
