"use client";

import { formatDuration } from "@/components/shared/format-time";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { NumberInput } from "@/components/ui/number-input";
import { Select } from "@/components/ui/select";
import type { RetryStrategy } from "@/lib/domain/retry";
import { FormField, type TaskFormPart } from "./form-field";
import { PanelSection } from "./panel-section";
import { RetryCalendar } from "./retry-calendar";
import { itemProblems, problemAt } from "./task-problems";

const STRATEGY_ITEMS: { value: RetryStrategy; label: string; description: string }[] = [
  { value: "NONE", label: "NONE", description: "A failed attempt is final" },
  { value: "IMMEDIATE", label: "IMMEDIATE", description: "At once" },
  { value: "FIXED_DELAY", label: "FIXED_DELAY", description: "The same delay each time" },
  { value: "EXPONENTIAL_BACKOFF", label: "EXPONENTIAL_BACKOFF", description: "Doubled each time" },
  {
    value: "FIBONACCI_BACKOFF",
    label: "FIBONACCI_BACKOFF",
    description: "The sum of the two before",
  },
];

const PATHS = new Set([
  "retryStrategy",
  "maxRetries",
  "retryDelaySeconds",
  "maxRetryDelaySeconds",
  "retryJitter",
  "retryPermanentErrors",
  "timeoutSeconds",
]);

/** When a failed attempt is tried again, and how long one may take. */
export function RetrySection({ task, problems, onChange }: TaskFormPart) {
  const errors = problems.filter(
    ({ path }) => PATHS.has(path) || path.startsWith("retryOnExitCodes"),
  ).length;
  const hasDelay = task.retryStrategy !== "NONE" && task.retryStrategy !== "IMMEDIATE";
  return (
    <PanelSection
      id="retries"
      title="Retries and timeout"
      summary={summaryOf(task)}
      errors={errors}
    >
      <FormField path="retryStrategy" label="Retry strategy" problems={problems}>
        <Select
          items={STRATEGY_ITEMS}
          value={task.retryStrategy}
          onValueChange={(retryStrategy) => onChange({ retryStrategy })}
        />
      </FormField>
      <div className="grid grid-cols-2 gap-3">
        {task.retryStrategy !== "NONE" && (
          <FormField path="maxRetries" label="Max retries" problems={problems}>
            <NumberInput
              value={task.maxRetries}
              onValueChange={(maxRetries) => onChange({ maxRetries })}
            />
          </FormField>
        )}
        <FormField path="timeoutSeconds" label="Timeout per attempt" problems={problems}>
          <NumberInput
            unit="s"
            min={1}
            value={task.timeoutSeconds}
            onValueChange={(timeoutSeconds) => onChange({ timeoutSeconds })}
          />
        </FormField>
        {hasDelay && <DelayFields task={task} problems={problems} onChange={onChange} />}
      </div>
      {task.retryStrategy !== "NONE" && (
        <RetryConditions task={task} problems={problems} onChange={onChange} />
      )}
      <RetryCalendar task={task} />
    </PanelSection>
  );
}

function DelayFields({ task, problems, onChange }: TaskFormPart) {
  return (
    <>
      <FormField path="retryDelaySeconds" label="Retry delay" problems={problems}>
        <NumberInput
          unit="s"
          value={task.retryDelaySeconds}
          onValueChange={(retryDelaySeconds) => onChange({ retryDelaySeconds })}
        />
      </FormField>
      <FormField path="maxRetryDelaySeconds" label="Max retry delay" problems={problems}>
        <NumberInput
          unit="s"
          value={task.maxRetryDelaySeconds}
          onValueChange={(maxRetryDelaySeconds) => onChange({ maxRetryDelaySeconds })}
        />
      </FormField>
    </>
  );
}

function RetryConditions({ task, problems, onChange }: TaskFormPart) {
  const codeProblem =
    problemAt(problems, "retryOnExitCodes") ??
    Object.values(itemProblems(problems, "retryOnExitCodes"))[0];
  return (
    <>
      <FormField
        path="retryOnExitCodes"
        label="Retry on exit codes"
        optional
        description="Such as 1, 75. Empty means any."
        problems={codeProblem ? [{ path: "retryOnExitCodes", message: codeProblem }] : []}
      >
        <Input
          mono
          placeholder="any"
          value={task.retryOnExitCodes}
          onValueChange={(retryOnExitCodes) => onChange({ retryOnExitCodes })}
        />
      </FormField>
      <Checkbox
        label="Jitter"
        description="Draw each delay from half of it to all of it, so that many tasks do not return at once."
        checked={task.retryJitter}
        onCheckedChange={(retryJitter) => onChange({ retryJitter })}
      />
      <Checkbox
        label="Retry permanent errors"
        description="Also what would come back: a missing image or program, a wrong parameter."
        checked={task.retryPermanentErrors}
        onCheckedChange={(retryPermanentErrors) => onChange({ retryPermanentErrors })}
      />
    </>
  );
}

function summaryOf(task: TaskFormPart["task"]): string {
  const timeout =
    typeof task.timeoutSeconds === "number"
      ? `${formatDuration(task.timeoutSeconds * 1000)} each`
      : "? each";
  if (task.retryStrategy === "NONE") return `no retries, ${timeout}`;
  const strategy = task.retryStrategy.toLowerCase().split("_")[0];
  return `${task.maxRetries} × ${strategy}, ${timeout}`;
}
