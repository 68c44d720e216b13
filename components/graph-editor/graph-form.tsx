"use client";

import { Detail, DetailList } from "@/components/ui/detail-list";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { changeGraph } from "./draft-edits";
import { useContent, useDraft, useEditor, useProblems } from "./editor-context";
import { FormField } from "./form-field";
import type { GraphDraft } from "./graph-draft";

/** With nothing selected: the graph itself. */
export function GraphForm() {
  const { draft: store } = useEditor();
  const draft = useContent();
  const version = useDraft((state) => state.versions.version);
  const problems = useProblems().filter(({ taskId }) => taskId === null);

  function change(part: Partial<Pick<GraphDraft, "name" | "description">>) {
    store.edit(changeGraph(part), { merge: `graph ${Object.keys(part).join()}` });
  }

  return (
    <form aria-label="Graph" onSubmit={(event) => event.preventDefault()}>
      <h2 className="flex h-11 items-center px-4 font-semibold">Graph</h2>
      <div className="flex flex-col gap-3 px-4 pb-4">
        <FormField path="name" label="Name" problems={problems}>
          <Input value={draft.name} onValueChange={(name) => change({ name })} />
        </FormField>
        <FormField path="description" label="Description" optional problems={problems}>
          <Textarea
            rows={2}
            value={draft.description}
            onValueChange={(description) => change({ description })}
          />
        </FormField>
        <DetailList>
          <Detail label="Tasks">{draft.nodes.length}</Detail>
          <Detail label="Dependencies">{draft.dependencies.length}</Detail>
          <Detail label="Saved version">{version}</Detail>
        </DetailList>
      </div>
    </form>
  );
}
