import type { Metadata } from "next";
import { WorkerList } from "@/components/workers/worker-list";
import { readForPage } from "@/lib/auth/read-for-page";
import { listWorkers } from "@/lib/db/queries/workers";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  return <WorkerList initial={await readForPage("system.read", (db) => listWorkers(db))} />;
}
