"use client";

import clsx from "clsx";
import { useState } from "react";
import { Tooltip } from "./tooltip";

/** One line that ends in an ellipsis; only then does a tooltip show the whole. */
export function TruncatedText({ className, children }: { className?: string; children: string }) {
  const [cut, setCut] = useState(false);
  const text = (
    <span
      className={clsx("block truncate", className)}
      onPointerEnter={(event) => setCut(isCut(event.currentTarget))}
    >
      {children}
    </span>
  );
  // The element stays the same when the tooltip comes, or the pointer would enter it anew.
  return (
    <Tooltip content={children} repeatsLabel disabled={!cut}>
      {text}
    </Tooltip>
  );
}

function isCut(element: HTMLElement): boolean {
  return element.scrollWidth > element.clientWidth;
}
