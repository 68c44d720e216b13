"use client";

import { Dialog, DialogBody } from "@/components/ui/dialog";
import { type ListedHotkey, useListedHotkeys } from "@/components/ui/hotkey-list";
import { Kbd } from "@/components/ui/kbd";

/** The keys that work on this very screen; whatever registers keys is listed by itself. */
export function KeyboardHelp({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const groups = groupHotkeys(useListedHotkeys());
  return (
    <Dialog title="Keyboard shortcuts" size="md" open={open} onOpenChange={onOpenChange}>
      <DialogBody className="grid content-start gap-x-8 gap-y-4 sm:grid-cols-2">
        {groups.map(({ name, hotkeys }) => (
          <section key={name}>
            <h3 className="text-muted mb-1 text-xs font-medium">{name}</h3>
            <dl>
              {hotkeys.map(({ keys, label }) => (
                <div
                  key={`${keys} ${label}`}
                  className="flex min-h-7 items-center justify-between gap-4"
                >
                  <dt>{label}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </Dialog>
  );
}

const TABLES: readonly ListedHotkey[] = [
  { keys: "j", label: "Next row", group: "Tables" },
  { keys: "k", label: "Previous row", group: "Tables" },
];

function groupHotkeys(listed: readonly ListedHotkey[]) {
  const groups = new Map<string, ListedHotkey[]>();
  for (const hotkey of [...listed, ...TABLES]) {
    const name = hotkey.group ?? "This page";
    groups.set(name, [...(groups.get(name) ?? []), hotkey]);
  }
  return [...groups].map(([name, hotkeys]) => ({ name, hotkeys }));
}
