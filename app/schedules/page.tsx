import type { Metadata } from "next";
import { ScheduleList } from "@/components/schedules/schedule-list";
import { readForPage } from "@/lib/auth/read-for-page";
import { listSchedules } from "@/lib/db/queries/schedules";

export const metadata: Metadata = { title: "Schedules" };

export default async function SchedulesPage() {
  const initial = await readForPage("schedules.read", (db) => listSchedules(db));
  return <ScheduleList initial={initial} />;
}
