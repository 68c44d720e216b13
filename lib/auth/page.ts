import { headers } from "next/headers";
import type { Db } from "@/lib/db/database";
import { getWebClient } from "@/lib/db/web-database";
import type { Actor } from "@/lib/domain/actor";
import { guard } from "./guard";
import type { Permission } from "./permissions";

/** The database for a page that may be seen by whoever asks: `const { db } = await openPage("runs.read")`. */
export async function openPage(permission: Permission): Promise<{ db: Db; actor: Actor }> {
  const { actor } = guard({ method: "GET", headers: await headers() }, permission);
  return { db: getWebClient().db, actor };
}
