"use client";

import { useQuery } from "@tanstack/react-query";
import { FolderOpen, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { EmptyState } from "@/components/shared/empty-state";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { RelativeTime } from "@/components/shared/relative-time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { RowLink } from "@/components/ui/row-link";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import { projectsQuery, useSaveProject } from "@/lib/client/projects";
import type { ProjectSummary } from "@/lib/domain/views";
import { NamedForm } from "./named-form";
import { ProjectMenu } from "./project-menu";

/** All projects, with what they hold and what of it runs. */
export function ProjectList({ initial }: { initial: ProjectSummary[] }) {
  const { data: projects } = useQuery({
    ...projectsQuery(),
    initialData: initial,
    initialDataUpdatedAt: 0,
  });
  return (
    <>
      <PageHeader title="Projects" actions={<NewProject variant="primary" />} />
      <PageBody flush>
        {projects.length > 0 && <ProjectTable projects={projects} />}
        {projects.length === 0 && (
          <EmptyState
            icon={<FolderOpen />}
            title="No projects yet"
            action={<NewProject variant="primary" />}
          >
            A project holds tasks and the graphs they are drawn in. Make one to begin.
          </EmptyState>
        )}
      </PageBody>
    </>
  );
}

function NewProject({ variant }: { variant: "primary" | "secondary" }) {
  const { mutateAsync } = useSaveProject();
  const router = useRouter();
  return (
    <NamedForm
      title="New project"
      submitLabel="Create project"
      trigger={
        <Button variant={variant} icon={<Plus aria-hidden />}>
          New project
        </Button>
      }
      onSave={async (fields) => {
        const { projectId } = await mutateAsync(fields);
        router.push(`/projects/${projectId}`);
      }}
    />
  );
}

function ProjectTable({ projects }: { projects: readonly ProjectSummary[] }) {
  return (
    <Table label="Projects">
      <TableHead>
        <Th truncate>Name</Th>
        <Th numeric className="hidden sm:table-cell">
          Graphs
        </Th>
        <Th numeric className="hidden sm:table-cell">
          Tasks
        </Th>
        <Th numeric>Active runs</Th>
        <Th className="hidden sm:table-cell">Changed</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {projects.map((project) => (
          <TableRow key={project.projectId}>
            <Td truncate>
              <span className="flex min-w-0 items-center gap-2">
                <RowLink href={`/projects/${project.projectId}`} className="truncate">
                  {project.name}
                </RowLink>
                {project.isExample && <Badge tone="info">Example</Badge>}
                <span className="text-muted hidden min-w-0 truncate sm:inline">
                  {project.description}
                </span>
              </span>
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {project.graphCount}
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {project.taskCount}
            </Td>
            <Td numeric>{project.activeRunCount}</Td>
            <Td className="text-muted hidden sm:table-cell">
              <RelativeTime at={project.updatedAt} />
            </Td>
            <Td>
              <ProjectMenu project={project} />
            </Td>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
