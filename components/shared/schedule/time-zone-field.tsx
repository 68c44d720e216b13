"use client";

import { useMemo } from "react";
import { Combobox } from "@/components/ui/combobox";
import { Field } from "@/components/ui/field";
import { findTimeZone } from "@/lib/domain/zoned-time";
import { useViewerZone } from "./use-viewer-zone";

/** Names of today that browsers know, but list by an older name only. */
const RENAMED = [
  "America/Argentina/Buenos_Aires",
  "America/Nuuk",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Yangon",
  "Atlantic/Faroe",
  "Europe/Kyiv",
];

/** One of the time zones that the browser knows; the person's own and UTC come first. */
export function TimeZoneField({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (timeZone: string) => void;
}) {
  const viewerZone = useViewerZone();
  const items = useMemo(() => {
    const first = [viewerZone ?? "UTC", "UTC", value].filter(Boolean);
    const renamed = RENAMED.filter((name) => findTimeZone(name) !== null);
    const rest = [...Intl.supportedValuesOf("timeZone"), ...renamed].sort();
    return [...new Set([...first, ...rest])].map((name) => ({
      value: name,
      label: name,
      ...(name === viewerZone && { description: "Your time zone" }),
    }));
  }, [viewerZone, value]);
  return (
    <Field label="Time zone" error={error}>
      <Combobox
        items={items}
        value={value || null}
        onValueChange={(next) => onChange(next ?? "")}
        placeholder="Europe/Berlin"
        emptyText="No time zone has this name; try the name of a city."
      />
    </Field>
  );
}
