type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/**
 * Whether these are the keys. Shift counts only when it is named or the key is a letter, because "?" needs it on some
 * keyboards and not on others.
 */
export function matchesKeys(pressed: Pressed, keys: string): boolean {
  const parts = keys.toLowerCase().split("+");
  const key = parts.at(-1) ?? "";
  if (pressed.key.toLowerCase() !== (key === "space" ? " " : key)) return false;
  if ((pressed.ctrlKey || pressed.metaKey) !== parts.includes("mod")) return false;
  if (pressed.altKey !== parts.includes("alt")) return false;
  const shiftMatters = parts.includes("shift") || /^[a-z]$/.test(key);
  return !shiftMatters || pressed.shiftKey === parts.includes("shift");
}
