"use client";

import { useState } from "react";
import { ActionFailure } from "@/lib/client/call-action";
import { findProblems, inputOf, type ScheduleDraft, type ScheduleProblems } from "./schedule-draft";

type Input = ReturnType<typeof inputOf>;

/** A schedule's fields with the server's own rules; what was typed stays whatever happens. */
export function useScheduleForm({
  initial,
  onSave,
}: {
  initial: ScheduleDraft;
  /** Saves it; throws an ActionFailure that says in words what was refused. */
  onSave: (schedule: Input) => Promise<void>;
}) {
  const [draft, setDraft] = useState(initial);
  /** Nothing is called wrong before it was typed or sent. */
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<ScheduleProblems>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  const found = findProblems(draft);
  const shown = Object.entries({ ...found, ...refused }).filter(([field]) => touched.has(field));
  const problems: ScheduleProblems = Object.fromEntries(shown);

  function change(part: Partial<ScheduleDraft>): void {
    setDraft({ ...draft, ...part });
    setTouched(new Set([...touched, ...Object.keys(part)]));
    setRefused({});
    setFailure(null);
  }

  async function submit(): Promise<void> {
    setTouched(new Set(Object.keys(draft)));
    if (Object.keys(found).length > 0 || isSaving) return;
    setSaving(true);
    setFailure(null);
    try {
      await onSave(inputOf(draft));
    } catch (error) {
      const refusal = refusalOf(error);
      setRefused(refusal.problems);
      setFailure(refusal.failure);
    } finally {
      setSaving(false);
    }
  }

  return { draft, problems, failure, isSaving, change, submit };
}

/** What the server refused: at its fields where it names them, else in one sentence. */
function refusalOf(error: unknown): { problems: ScheduleProblems; failure: string | null } {
  if (!(error instanceof ActionFailure))
    return { problems: {}, failure: "Something went wrong. Try again." };
  const problems = error.details.map(({ path, message }) => [
    path.replace(/^schedule\./, ""),
    message,
  ]);
  return {
    problems: Object.fromEntries(problems),
    failure: problems.length === 0 ? error.message : null,
  };
}
