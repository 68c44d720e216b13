import type { Metadata } from "next";
import { connection } from "next/server";
import { ProjectList } from "@/components/projects/project-list";
import { listProjects } from "@/lib/db/queries/projects";
import { getWebClient } from "@/lib/db/web-database";

export const metadata: Metadata = { title: "Projects" };

export default async function ProjectsPage() {
  await connection();
  return <ProjectList initial={await listProjects(getWebClient().db)} />;
}
