/** Longer than any record: 32 KiB of output, of which JSON may write each byte as six characters. */
const MAX_OBJECT_LENGTH = 4 * 1024 * 1024;

/** An object of the text, still as text, and the key under which it stands. */
type FoundObject = { key: string; json: string };

/**
 * Cuts objects out of a JSON text that is too long to be held: those that stand under one of the keys, alone or in an array.
 * Each call takes the next piece of the text and returns the objects that are complete with it.
 */
export function createObjectCutter(keys: readonly string[]): (piece: string) => FoundObject[] {
  /** What has not been read yet, and before it what has arrived of an object that is being cut out. */
  let text = "";
  let at = 0;
  let cut: { start: number; depth: number } | null = null;
  /** The key of each object and array around; what stands in an array has the array's. */
  const around: string[] = [];
  let key = "";
  let latestString = "";

  function open(index: number): void {
    if (cut === null && text[index] === "{" && keys.includes(key))
      cut = { start: index, depth: around.length };
    around.push(key);
  }

  function close(index: number): FoundObject[] {
    key = around.pop() ?? "";
    if (cut?.depth !== around.length) return [];
    const json = text.slice(cut.start, index + 1);
    cut = null;
    return [{ key, json }];
  }

  function forgetWhatWasRead(): void {
    const kept = cut?.start ?? at;
    text = text.slice(kept);
    at -= kept;
    if (cut !== null) cut.start = 0;
    if (text.length > MAX_OBJECT_LENGTH) throw new Error("An object of a log event did not end.");
  }

  /** Takes what stands from `index` to `end`: a string, or one character of structure. */
  function take(index: number, end: number): FoundObject[] {
    const character = text.charAt(index);
    if ("]}".includes(character)) return close(index);
    if ("[{".includes(character)) open(index);
    else if (character === ":") key = latestString;
    else latestString = text.slice(index + 1, end);
    return [];
  }

  return (piece) => {
    const found: FoundObject[] = [];
    text += piece;
    for (let index = findStructure(text, at); index !== -1; index = findStructure(text, at)) {
      const end = text[index] === '"' ? findStringEnd(text, index + 1) : index;
      // The rest of the string is still to come.
      if (end === -1) break;
      found.push(...take(index, end));
      at = end + 1;
    }
    forgetWhatWasRead();
    return found;
  };
}

/** The next character outside of strings that means something to us; -1 when there is none. */
function findStructure(text: string, from: number): number {
  const structure = /["{}[\]:]/g;
  structure.lastIndex = from;
  return structure.exec(text)?.index ?? -1;
}

/** Where a string ends whose content begins at `from`; -1 when that is not in the text. */
function findStringEnd(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1 && countBackslashesBefore(text, end) % 2 === 1)
    end = text.indexOf('"', end + 1);
  return end;
}

function countBackslashesBefore(text: string, index: number): number {
  let first = index;
  while (text[first - 1] === "\\") first -= 1;
  return index - first;
}
