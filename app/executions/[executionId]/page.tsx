import type { Metadata } from "next";
import { ExecutionPage } from "@/components/executions/execution-page";

export const metadata: Metadata = { title: "Execution" };

export default async function ExecutionRoute({
  params,
}: {
  params: Promise<{ executionId: string }>;
}) {
  const { executionId } = await params;
  return <ExecutionPage executionId={executionId} />;
}
