"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { projectQuery } from "@/lib/client/projects";
import type { PoolSummary, ProjectDetail } from "@/lib/domain/views";
import { GraphSection } from "./graph-section";
import { PoolSection } from "./pool-section";
import { ProjectMenu } from "./project-menu";
import { TaskSection } from "./task-section";

/** One project: its graphs, its tasks, its pools. */
export function ProjectView({ initial, pools }: { initial: ProjectDetail; pools: PoolSummary[] }) {
  const { data: project } = useQuery({
    ...projectQuery(initial.projectId),
    initialData: initial,
    // The page may come out of the browser's history, older than what happened since.
    initialDataUpdatedAt: 0,
  });
  const router = useRouter();
  return (
    <>
      <PageHeader
        title={project.name}
        breadcrumb={[{ label: "Projects", href: "/projects" }]}
        badge={project.isExample && <Badge tone="info">Example</Badge>}
        meta={
          project.description && (
            <span className="line-clamp-2 wrap-anywhere">{project.description}</span>
          )
        }
        actions={<ProjectMenu project={project} onDeleted={() => router.push("/projects")} />}
      />
      <PageBody className="flex flex-col gap-8">
        {project.isExample && (
          <Callout>
            This project is an example: open its graph, change it and run it. Delete it whenever you
            like, nothing else depends on it.
          </Callout>
        )}
        <GraphSection project={project} />
        <TaskSection project={project} />
        <PoolSection projectId={project.projectId} initial={pools} />
      </PageBody>
    </>
  );
}
