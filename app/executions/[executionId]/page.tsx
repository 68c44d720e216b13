import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ExecutionPage } from "@/components/executions/execution-page";
import { readForPage } from "@/lib/auth/read-for-page";
import { getExecution } from "@/lib/db/queries/executions";
import { idSchema } from "@/lib/domain/inputs";

type Props = { params: Promise<{ executionId: string }> };

/** Once per request, though title and page both need it. */
const readExecution = cache(async (params: Props["params"]) => {
  const { data: executionId } = idSchema.safeParse((await params).executionId);
  return executionId
    ? readForPage("executions.read", (db) => getExecution(db, { executionId }))
    : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readExecution(params))?.taskName ?? "Execution" };
}

export default async function ExecutionRoute({ params }: Props) {
  const { executionId } = await params;
  const execution = await readExecution(params);
  if (execution === null) notFound();
  return <ExecutionPage key={executionId} executionId={executionId} initial={execution} />;
}
