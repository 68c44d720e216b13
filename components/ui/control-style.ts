/** The box around what can be typed into or chosen from; an invalid one turns red. */
export const CONTROL_STYLE =
  "w-full min-w-0 rounded-md border border-control bg-canvas text-fg text-sm transition-colors hover:not-data-disabled:not-data-invalid:border-muted focus-visible:border-focus focus-visible:outline-1 focus-visible:outline-focus focus-visible:outline-offset-0 data-disabled:cursor-not-allowed data-disabled:border-line data-disabled:bg-sunken data-disabled:text-muted data-invalid:border-danger-fg aria-invalid:border-danger-fg pointer-coarse:text-lg";

export const CONTROL_HEIGHT = { sm: "h-7", md: "h-8" } as const;

export type ControlSize = keyof typeof CONTROL_HEIGHT;
