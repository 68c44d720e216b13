import { OverviewScreen } from "@/components/overview/overview-screen";
import { readForPage } from "@/lib/auth/read-for-page";
import { getOverview } from "@/lib/db/queries/overview";

export default async function OverviewPage() {
  return <OverviewScreen initial={await readForPage("system.read", getOverview)} />;
}
