"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type Priority, priorities } from "@/lib/domain/priority";
import type { SchedulePart } from "./schedule-times";

const MISSED = [
  {
    value: "catch_up",
    label: "Run the latest one",
    description: "Once for all that passed while no worker was there.",
  },
  { value: "skip", label: "Leave them out", description: "Go on with the next fire time." },
] as const;

const OVERLAP = [
  { value: "allow", label: "Start the next one", description: "Every fire time has its run." },
  {
    value: "skip",
    label: "Leave the next one out",
    description: "While a run of this schedule is not final.",
  },
] as const;

/** What a schedule does with missed fire times and overlaps, how long it is valid, and how urgent its runs are. */
export function ScheduleRules({ draft, problems, onChange }: SchedulePart) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <Field label="Missed fire times">
        <Select
          items={MISSED}
          value={draft.missedFires}
          onValueChange={(missedFires) => onChange({ missedFires })}
        />
      </Field>
      <Field label="While the previous run goes on">
        <Select
          items={OVERLAP}
          value={draft.overlap}
          onValueChange={(overlap) => onChange({ overlap })}
        />
      </Field>
      {draft.kind === "cron" && (
        <>
          <Field label="Starts" optional error={problems.startsAt}>
            <Input
              type="datetime-local"
              value={draft.startsAt}
              onValueChange={(startsAt) => onChange({ startsAt })}
            />
          </Field>
          <Field label="Ends before" optional error={problems.endsAt}>
            <Input
              type="datetime-local"
              value={draft.endsAt}
              onValueChange={(endsAt) => onChange({ endsAt })}
            />
          </Field>
        </>
      )}
      <PriorityField value={draft.priority} onChange={(priority) => onChange({ priority })} />
    </div>
  );
}

const OWN = "OWN";

/** The priority of all executions of a run, or each task's own. */
export function PriorityField({
  value,
  onChange,
}: {
  value: Priority | null;
  onChange: (priority: Priority | null) => void;
}) {
  return (
    <Field label="Priority">
      <Select<Priority | typeof OWN>
        items={[
          { value: OWN, label: "As each task says" },
          ...priorities.map((priority) => ({ value: priority, label: priority })),
        ]}
        value={value ?? OWN}
        onValueChange={(next) => onChange(next === OWN ? null : next)}
      />
    </Field>
  );
}
