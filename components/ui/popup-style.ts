/** What floats above the page: menus, lists of choices, popovers. */
export const POPUP_STYLE =
  "rounded-lg bg-raised text-fg shadow-raised outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";

/** One line in a menu or in a list of choices. */
export const ITEM_STYLE =
  "flex min-h-7 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-highlighted:bg-hover data-disabled:text-faint [&_svg]:size-4 [&_svg]:shrink-0";

export const BACKDROP_STYLE =
  "fixed inset-0 z-40 bg-backdrop transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";
