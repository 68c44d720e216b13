"use client";

import { useQuery } from "@tanstack/react-query";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { poolsQuery } from "@/lib/client/pools";
import type { PoolSummary } from "@/lib/domain/views";
import { useEditor } from "./editor-context";
import { FormField, type TaskFormPart } from "./form-field";
import { PanelSection } from "./panel-section";

/** Of which pool the task takes its slot, and with whom it shares the pool's slots. */
export function PoolSection({ task, problems, onChange }: TaskFormPart) {
  const { projectId } = useEditor();
  const { data: pools } = useQuery(poolsQuery(projectId));
  const errors = problems.filter(({ path }) => path.startsWith("pool")).length;
  const isEmpty = pools?.length === 0 && task.pool === "";
  return (
    <PanelSection id="pool" title="Pool" summary={summaryOf(task)} errors={errors}>
      {isEmpty && (
        <p className="text-muted text-xs text-pretty">
          A pool limits how many executions run at one time. The project has none yet;{" "}
          <TextLink href={`/projects/${projectId}`}>add one on the project’s page</TextLink>.
        </p>
      )}
      {!isEmpty && (
        <FormField
          path="pool"
          label="Pool"
          optional
          description="Its executions wait while all slots of the pool are taken."
          problems={problems}
        >
          <Select
            items={itemsOf(pools ?? [], task.pool)}
            value={task.pool}
            onValueChange={(pool) => onChange({ pool })}
          />
        </FormField>
      )}
      {task.pool !== "" && (
        <FormField
          path="poolKey"
          label="Pool key"
          optional
          description="Such as customer-42: each key has all slots of the pool for itself. Without one, they are shared."
          problems={problems}
        >
          <Input
            mono
            placeholder="none"
            value={task.poolKey}
            onValueChange={(poolKey) => onChange({ poolKey })}
          />
        </FormField>
      )}
    </PanelSection>
  );
}

/** A pool that the project does not have stays visible, so that one sees what is wrong. */
function itemsOf(pools: readonly PoolSummary[], chosen: string) {
  const items = pools.map(({ name, slots }) => ({
    value: name,
    label: name,
    description: slots === 1 ? "1 slot" : `${slots} slots`,
  }));
  const isKnown = chosen === "" || pools.some(({ name }) => name === chosen);
  const unknown = { value: chosen, label: chosen, description: "Not in this project" };
  return [{ value: "", label: "None" }, ...items, ...(isKnown ? [] : [unknown])];
}

function summaryOf({ pool, poolKey }: TaskFormPart["task"]): string {
  if (pool === "") return "none";
  return poolKey.trim() === "" ? pool : `${pool}, ${poolKey.trim()}`;
}
