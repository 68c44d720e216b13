"use client";

import { Input } from "@/components/ui/input";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { CommandField } from "./command-field";
import { FieldAnchor, FormField, type TaskFormPart } from "./form-field";
import { ReferenceHelp } from "./reference-help";
import { StepList } from "./step-list";

const TYPE_ITEMS = [
  { value: "containerized_workflow", label: "One container" },
  { value: "dagger_pipeline", label: "Pipeline of steps" },
] as const;

/** What the task runs: one command in an image, or several steps one after the other. */
export function WorkflowFields({
  taskId,
  task,
  problems,
  onChange,
}: TaskFormPart & { taskId: string }) {
  return (
    <>
      <FieldAnchor path="workflowType" className="flex flex-col gap-1">
        <span className="text-sm font-medium">Workflow type</span>
        <SegmentedControl
          label="Workflow type"
          items={TYPE_ITEMS}
          value={task.workflowType}
          onValueChange={(workflowType) => onChange({ workflowType })}
        />
      </FieldAnchor>
      {task.workflowType === "containerized_workflow" ? (
        <>
          <FormField path="workflowParams.image" label="Image" problems={problems}>
            <Input
              mono
              placeholder="alpine:3.20"
              value={task.image}
              onValueChange={(image) => onChange({ image })}
            />
          </FormField>
          <CommandField
            path="workflowParams.command"
            command={task.command}
            problems={problems}
            onChange={(command) => onChange({ command })}
          />
        </>
      ) : (
        <StepList task={task} problems={problems} onChange={onChange} />
      )}
      <ReferenceHelp taskId={taskId} />
    </>
  );
}
