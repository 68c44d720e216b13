"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { findExpressionProblem } from "@/lib/domain/schedule";
import { describeExpression } from "./describe-expression";
import type { ScheduleDraft, ScheduleProblems } from "./schedule-draft";
import { TimeZoneField } from "./time-zone-field";

export type SchedulePart = {
  draft: ScheduleDraft;
  problems: ScheduleProblems;
  onChange: (change: Partial<ScheduleDraft>) => void;
};

const PRESETS = [
  { label: "Hourly", expression: "0 * * * *" },
  { label: "Daily", expression: "0 2 * * *" },
  { label: "Weekdays", expression: "0 2 * * 1-5" },
  { label: "Weekly", expression: "0 2 * * 1" },
  { label: "Monthly", expression: "0 2 1 * *" },
] as const;

/** When a schedule fires: an expression or a time, and on whose clocks. */
export function ScheduleTimes({ draft, problems, onChange }: SchedulePart) {
  const isCron = draft.kind === "cron";
  return (
    <div className="flex flex-col gap-2">
      <div className="grid items-start gap-3 sm:grid-cols-2">
        {isCron ? (
          <Field
            label="Cron expression"
            error={problems.expression}
            description={wordsOf(draft.expression)}
          >
            <Input
              mono
              value={draft.expression}
              onValueChange={(expression) => onChange({ expression })}
            />
          </Field>
        ) : (
          <Field label="Time" error={problems.onceAt}>
            <Input
              type="datetime-local"
              value={draft.onceAt}
              onValueChange={(onceAt) => onChange({ onceAt })}
            />
          </Field>
        )}
        <TimeZoneField
          value={draft.timeZone}
          error={problems.timeZone}
          onChange={(timeZone) => onChange({ timeZone })}
        />
      </div>
      {isCron && <Presets onChoose={(expression) => onChange({ expression })} />}
    </div>
  );
}

function Presets({ onChoose }: { onChoose: (expression: string) => void }) {
  return (
    <fieldset className="-ml-2 flex flex-wrap">
      <legend className="sr-only">Common expressions</legend>
      {PRESETS.map(({ label, expression }) => (
        <Button
          key={label}
          size="sm"
          variant="ghost"
          className="text-muted"
          onClick={() => onChoose(expression)}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  );
}

function wordsOf(expression: string): string {
  const words =
    findExpressionProblem(expression.trim()) === null && describeExpression(expression.trim());
  return words || "Minute, hour, day of the month, month, day of the week.";
}
