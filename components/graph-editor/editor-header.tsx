"use client";

import { useQuery } from "@tanstack/react-query";
import {
  ChevronDown,
  CircleCheck,
  Crosshair,
  Play,
  Save,
  TriangleAlert,
  Workflow,
} from "lucide-react";
import { PageHeader } from "@/components/shared/page-header";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu } from "@/components/ui/menu";
import { MenuItem } from "@/components/ui/menu-item";
import { Tooltip } from "@/components/ui/tooltip";
import { systemQuery } from "@/lib/client/system";
import { isDirty } from "./draft-store";
import { useDraft, useEditor, useView } from "./editor-context";
import { useSession } from "./editor-session";
import { ProblemList } from "./problem-list";
import { SchedulesButton } from "./schedules-button";

/** Where one is, whether it is saved, what is wrong, and the two main actions. */
export function EditorHeader({ projectName }: { projectName: string }) {
  const { projectId } = useEditor();
  const name = useDraft((state) => state.draft.name);
  return (
    <PageHeader
      title={name.trim() || "Unnamed graph"}
      breadcrumb={[
        { label: "Projects", href: "/projects" },
        { label: projectName, href: `/projects/${projectId}` },
      ]}
      badge={<SavedBadge />}
      actions={
        <>
          <ProblemList />
          <SchedulesButton />
          <SaveButton />
          <RunButtons />
        </>
      }
    />
  );
}

function SavedBadge() {
  const dirty = useDraft(isDirty);
  const { isSaving } = useSession();
  return (
    <span role="status" className="shrink-0">
      {dirty ? (
        <Badge tone="warning">{isSaving ? "Saving…" : "Unsaved changes"}</Badge>
      ) : (
        <Badge icon={<CircleCheck aria-hidden />}>Saved</Badge>
      )}
    </span>
  );
}

function SaveButton() {
  const { save, isSaving } = useSession();
  const dirty = useDraft(isDirty);
  return (
    <Tooltip content="Save" shortcut="mod+s" repeatsLabel>
      <Button
        icon={<Save aria-hidden />}
        pending={isSaving}
        disabled={!dirty}
        onClick={() => void save()}
      >
        Save
      </Button>
    </Tooltip>
  );
}

function RunButtons() {
  const { run, isStarting } = useSession();
  const selected = useView((view) => view.selectedTasks.size);
  const isEmpty = useDraft((state) => state.draft.nodes.length === 0);
  const { data: system } = useQuery(systemQuery());
  const noWorker = system?.workersAlive === 0;
  const nothingSelected = selected === 0 ? "Select tasks first." : undefined;
  return (
    <div className="flex items-center gap-px">
      <Tooltip
        content={
          noWorker ? "No worker is alive: the run will wait until one starts." : "Run the graph"
        }
        shortcut="mod+enter"
      >
        <Button
          variant="primary"
          icon={noWorker ? <TriangleAlert aria-hidden /> : <Play aria-hidden />}
          pending={isStarting}
          disabledReason={isEmpty ? "The graph is empty; add a task first." : undefined}
          className="rounded-r-none"
          onClick={() => void run("all")}
        >
          Run
        </Button>
      </Tooltip>
      <Menu
        align="end"
        trigger={
          <IconButton
            label="Other ways to run"
            variant="primary"
            disabled={isEmpty || isStarting}
            className="w-7 rounded-l-none"
          >
            <ChevronDown aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Workflow aria-hidden />} onClick={() => void run("all")}>
          Run the whole graph
        </MenuItem>
        <MenuItem
          icon={<Play aria-hidden />}
          disabledReason={nothingSelected}
          onClick={() => void run("selected")}
        >
          Run selected
        </MenuItem>
        <MenuItem
          icon={<Crosshair aria-hidden />}
          disabledReason={nothingSelected}
          onClick={() => void run("upTo")}
        >
          Run up to here
        </MenuItem>
      </Menu>
    </div>
  );
}
