import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ProjectView } from "@/components/projects/project-view";
import { openPage } from "@/lib/auth/page";
import { listPools } from "@/lib/db/queries/pools";
import { getProject } from "@/lib/db/queries/projects";
import { idSchema } from "@/lib/domain/inputs";

type Props = { params: Promise<{ projectId: string }> };

/** Once per request, though title and page both need it. */
const readProject = cache(async (params: Props["params"]) => {
  const { db } = await openPage("projects.read");
  const { data: projectId } = idSchema.safeParse((await params).projectId);
  return projectId ? getProject(db, { projectId }) : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readProject(params))?.name };
}

export default async function ProjectPage({ params }: Props) {
  const project = await readProject(params);
  if (!project) notFound();
  const { db } = await openPage("pools.read");
  const pools = await listPools(db, project);
  return <ProjectView initial={project} pools={pools ?? []} />;
}
