import type { Metadata } from "next";
import { ProjectList } from "@/components/projects/project-list";
import { openPage } from "@/lib/auth/page";
import { listProjects } from "@/lib/db/queries/projects";

export const metadata: Metadata = { title: "Projects" };

export default async function ProjectsPage() {
  const { db } = await openPage("projects.read");
  return <ProjectList initial={await listProjects(db)} />;
}
