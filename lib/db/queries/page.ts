import { EngineError } from "@/lib/domain/errors";
import { idSchema } from "@/lib/domain/inputs";
import { MAX_PAGE_SIZE } from "@/lib/domain/limits";
import type { Page } from "@/lib/domain/views";

/** How many rows to read for a page: one more than it shows tells whether an older page follows. */
export function rowsOfPage(limit: number): number {
  return Math.min(Math.max(limit, 1), MAX_PAGE_SIZE) + 1;
}

/** Cuts what `rowsOfPage` read to a page. */
export function toPage<T>(rows: T[], limit: number, idOf: (item: T) => string): Page<T> {
  const size = rowsOfPage(limit) - 1;
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return { items, next: last && rows.length > size ? idOf(last) : null };
}

/** Refuses a cursor that no page can have given. */
export function requireCursor(cursor: string): string {
  if (idSchema.safeParse(cursor).success) return cursor;
  const message = "This cursor is none of this list's; start again at the first page.";
  throw new EngineError("invalid", message, [{ path: "cursor", message }]);
}

/** A pattern for ILIKE that finds the text itself anywhere, whatever characters it has. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
