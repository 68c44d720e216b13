import type { Metadata } from "next";
import { ExecutionList } from "@/components/executions/execution-list";

export const metadata: Metadata = { title: "Executions" };

export default function ExecutionsPage() {
  return <ExecutionList />;
}
