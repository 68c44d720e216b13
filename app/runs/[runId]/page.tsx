import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { RunView } from "@/components/runs/run-view";
import { readForPage } from "@/lib/auth/read-for-page";
import { getRunState, getRunStructure } from "@/lib/db/queries/runs";
import { idSchema } from "@/lib/domain/inputs";

type Props = { params: Promise<{ runId: string }> };

/** Once per request, though title and page both need it. */
const readRun = cache(async (params: Props["params"]) => {
  const { data: runId } = idSchema.safeParse((await params).runId);
  return runId ? readForPage("runs.read", (db) => getRunState(db, { runId })) : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readRun(params))?.run.name ?? "Run" };
}

export default async function RunPage({ params }: Props) {
  const { runId } = await params;
  const state = await readRun(params);
  if (state === null) notFound();
  const structure = await readForPage("runs.read", (db) => getRunStructure(db, { runId }));
  const initial = state && structure ? { state, structure } : undefined;
  return <RunView key={runId} runId={runId} initial={initial} />;
}
