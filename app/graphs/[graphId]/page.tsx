import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { GraphEditor } from "@/components/graph-editor/graph-editor";
import { openPage } from "@/lib/auth/page";
import { getGraph } from "@/lib/db/queries/graphs";
import { idSchema } from "@/lib/domain/inputs";

type Props = { params: Promise<{ graphId: string }> };

/** Once per request, though title and page both need it. */
const readGraph = cache(async (params: Props["params"]) => {
  const { db } = await openPage("graphs.read");
  const { data: graphId } = idSchema.safeParse((await params).graphId);
  return graphId ? getGraph(db, { graphId }) : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readGraph(params))?.name };
}

export default async function GraphPage({ params }: Props) {
  const graph = await readGraph(params);
  if (!graph) notFound();
  // Another graph is another drawing: what was typed belongs to the one it was typed into.
  return <GraphEditor key={graph.graphId} graph={graph} />;
}
