"use client";

import { Textarea } from "@/components/ui/textarea";
import { FormField, type TaskFormPart } from "./form-field";
import { PanelSection } from "./panel-section";

/** Whatever else one wants to keep with the task, as JSON. */
export function MetadataSection({ task, problems, onChange }: TaskFormPart) {
  const errors = problems.filter(({ path }) => path.startsWith("metadata")).length;
  const summary = task.metadata.trim() === "" ? "none" : "set";
  return (
    <PanelSection id="metadata" title="Metadata" summary={summary} errors={errors}>
      <FormField
        path="metadata"
        label="Metadata"
        optional
        description="A JSON object; Dagline keeps it and does not read it."
        problems={problems}
      >
        <Textarea
          mono
          rows={3}
          placeholder={'{ "owner": "data-team" }'}
          value={task.metadata}
          onValueChange={(metadata) => onChange({ metadata })}
        />
      </FormField>
    </PanelSection>
  );
}
