"use client";

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { FieldGroup } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { KeyValueEditor } from "@/components/ui/key-value-editor";
import { moveItem } from "@/components/ui/list-text";
import { CommandField } from "./command-field";
import { FieldAnchor, FormField, type TaskFormPart } from "./form-field";
import { newStepDraft, type StepDraft } from "./task-draft";
import { entryProblems, type FieldProblem, problemAt } from "./task-problems";

/** The steps of a pipeline, one after the other in one file system. */
export function StepList({ task, problems, onChange }: TaskFormPart) {
  const { steps } = task;
  return (
    <FieldAnchor path="workflowParams.steps">
      <FieldGroup
        label="Steps"
        description="One after the other; files of a step are there for the next one."
        error={problemAt(problems, "workflowParams.steps")}
      >
        <ol className="flex flex-col gap-2">
          {steps.map((step, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are told apart by their place alone.
            <li key={i} className="border-line rounded-md border p-3">
              <StepHead
                place={i}
                count={steps.length}
                onMove={(by) => onChange({ steps: moveItem(steps, i, by) })}
                onRemove={() => onChange({ steps: steps.toSpliced(i, 1) })}
              />
              <StepFields
                path={`workflowParams.steps[${i}]`}
                step={step}
                problems={problems}
                onChange={(change) => onChange({ steps: steps.with(i, { ...step, ...change }) })}
              />
            </li>
          ))}
        </ol>
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus aria-hidden />}
          className="w-fit"
          onClick={() => onChange({ steps: [...steps, newStepDraft()] })}
        >
          Add step
        </Button>
      </FieldGroup>
    </FieldAnchor>
  );
}

function StepHead({
  place,
  count,
  onMove,
  onRemove,
}: {
  place: number;
  count: number;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const name = `step ${place + 1}`;
  return (
    <div className="mb-1 flex items-center">
      <h3 className="text-muted flex-1 text-xs font-medium">Step {place + 1}</h3>
      <IconButton
        size="sm"
        label={`Move ${name} up`}
        disabled={place === 0}
        onClick={() => onMove(-1)}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={`Move ${name} down`}
        disabled={place === count - 1}
        onClick={() => onMove(1)}
      >
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton size="sm" label={`Remove ${name}`} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}

function StepFields({
  path,
  step,
  problems,
  onChange,
}: {
  path: string;
  step: StepDraft;
  problems: readonly FieldProblem[];
  onChange: (change: Partial<StepDraft>) => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      <FormField path={`${path}.name`} label="Step name" optional problems={problems}>
        <Input value={step.name} onValueChange={(name) => onChange({ name })} />
      </FormField>
      <FormField path={`${path}.image`} label="Image" problems={problems}>
        <Input mono value={step.image} onValueChange={(image) => onChange({ image })} />
      </FormField>
      <CommandField
        path={`${path}.command`}
        command={step.command}
        problems={problems}
        onChange={(command) => onChange({ command })}
      />
      <FormField path={`${path}.workdir`} label="Working folder" optional problems={problems}>
        <Input mono value={step.workdir} onValueChange={(workdir) => onChange({ workdir })} />
      </FormField>
      <FieldAnchor path={`${path}.env`}>
        <KeyValueEditor
          label="Variables"
          itemName="variable"
          value={step.env}
          onValueChange={(env) => onChange({ env })}
          error={problemAt(problems, `${path}.env`)}
          itemErrors={entryProblems(problems, `${path}.env`, step.env)}
        />
      </FieldAnchor>
    </div>
  );
}
