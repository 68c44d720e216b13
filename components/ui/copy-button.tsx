"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./icon-button";
import { useToast } from "./toast";

/** Puts a text on the clipboard, and says so. */
export function CopyButton({
  value,
  label = "Copy",
  className,
}: {
  value: string;
  label?: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  const toast = useToast();

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      toast.error("Not copied", {
        description:
          "The browser gives the clipboard to secure pages only. Select the text and copy it.",
      });
    }
  }

  return (
    <IconButton size="sm" label={copied ? "Copied" : label} onClick={copy} className={className}>
      {copied ? (
        <Check aria-hidden className="text-success-fg" />
      ) : (
        <Copy aria-hidden className="text-muted" />
      )}
    </IconButton>
  );
}
