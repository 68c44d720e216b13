"use client";

import type { ReactNode } from "react";
import { Input } from "@/components/ui/input";
import { KeyValueEditor } from "@/components/ui/key-value-editor";
import { FieldAnchor, FormField, type TaskFormPart } from "./form-field";
import { PanelSection } from "./panel-section";
import { filledEntries } from "./task-input";
import { entryProblems, problemAt } from "./task-problems";

const PATHS = ["workflowParams.env", "workflowParams.inputs", "workflowParams.secrets"];

/** What the command finds around it: variables, inputs, secrets and its folder. */
export function EnvironmentSection({ task, problems, onChange }: TaskFormPart) {
  const isContainer = task.workflowType === "containerized_workflow";
  const errors = problems.filter(
    ({ path }) => PATHS.some((own) => path.startsWith(own)) || path === "workflowParams.workdir",
  ).length;

  function list(
    field: "env" | "inputs" | "secrets",
    words: { label: string; itemName: string; description: ReactNode },
  ) {
    const path = `workflowParams.${field}`;
    return (
      <FieldAnchor path={path}>
        <KeyValueEditor
          {...words}
          value={task[field]}
          onValueChange={(entries) => onChange({ [field]: entries })}
          error={problemAt(problems, path)}
          itemErrors={entryProblems(problems, path, task[field])}
        />
      </FieldAnchor>
    );
  }

  return (
    <PanelSection
      id="environment"
      title="Variables, inputs, secrets"
      summary={summaryOf(task)}
      errors={errors}
    >
      {list("env", {
        label: "Environment variables",
        itemName: "variable",
        description: "The command sees these and nothing of the worker's own.",
      })}
      {list("inputs", {
        label: "Inputs",
        itemName: "input",
        description: "The command finds each as INPUT_<NAME>.",
      })}
      {list("secrets", {
        label: "Secrets",
        itemName: "secret",
        description: "Variable name, then the name of a secret that the worker's operator has set.",
      })}
      {isContainer && (
        <FormField
          path="workflowParams.workdir"
          label="Working folder"
          optional
          description="Below the task's own folder."
          problems={problems}
        >
          <Input mono value={task.workdir} onValueChange={(workdir) => onChange({ workdir })} />
        </FormField>
      )}
    </PanelSection>
  );
}

function summaryOf({ env, inputs, secrets, workdir }: TaskFormPart["task"]): string {
  const counts = [
    [filledEntries(env).length, "variable"],
    [filledEntries(inputs).length, "input"],
    [filledEntries(secrets).length, "secret"],
  ] as const;
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`);
  if (workdir.trim() !== "") parts.push(`in ${workdir}`);
  return parts.length > 0 ? parts.join(", ") : "none";
}
