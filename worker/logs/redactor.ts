/** What stands in place of a secret. */
const REDACTED = "•••";

/** Shorter values would blot out ordinary text and protect nothing. */
const MIN_SECRET_LENGTH = 3;
/** Of a secret of several lines, each line counts that is at least this long. */
const MIN_LINE_LENGTH = 8;
/** Part of a longer base64 text: fewer characters than this would be found everywhere. */
const MIN_BASE64_LENGTH = 5;

export type Redactor = {
  /** Takes the next piece of a text and returns what is certain by now; the start of a possible secret waits for more. */
  push: (text: string) => string;
  /** The rest, when no more comes. */
  flush: () => string;
};

/** Replaces secrets in a text that comes in pieces, wherever the pieces are cut. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = listForms(secrets);
  if (forms.length === 0) return { push: (text) => text, flush: () => "" };
  const find = createFinder(forms);
  let held = "";

  const advance = (text: string, undecidedFrom: (from: number) => number): string => {
    let done = "";
    let at = 0;
    for (;;) {
      const undecided = undecidedFrom(at);
      const match = find(text, at);
      if (!match || undecided <= match.index) {
        held = text.slice(undecided);
        return done + text.slice(at, undecided);
      }
      done += text.slice(at, match.index) + REDACTED;
      at = match.index + match.length;
    }
  };

  return {
    push: (text) => {
      const all = held + text;
      return advance(all, createHoldFinder(forms, all));
    },
    flush: () => advance(held, () => Number.POSITIVE_INFINITY),
  };
}

/** A whole text without the secrets in it. */
export function redact(text: string, secrets: readonly string[]): string {
  const redactor = createRedactor(secrets);
  return redactor.push(text) + redactor.flush();
}

/** The first place at or after `from` where a secret stands; where several start, the longest. */
function createFinder(forms: string[]) {
  const escaped = forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  const pattern = new RegExp(escaped.join("|"), "g");
  return (text: string, from: number): { index: number; length: number } | null => {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    return match && { index: match.index, length: match[0].length };
  };
}

/** The first place at or after `from` where the end of `text` could be the beginning of a secret. */
function createHoldFinder(forms: string[], text: string): (from: number) => number {
  const longest = forms[0]?.length ?? 0;
  const firstCharacters = new Set(forms.map((form) => form[0]));
  const couldBegin = (index: number) => {
    if (!firstCharacters.has(text[index])) return false;
    const end = text.slice(index);
    return forms.some((form) => form.length > end.length && form.startsWith(end));
  };
  return (from) => {
    for (let index = Math.max(from, text.length - longest + 1); index < text.length; index += 1) {
      if (couldBegin(index)) return index;
    }
    return text.length;
  };
}

/** Every way in which a secret may be printed, the longest first. */
function listForms(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, ...listLines(secret)])
    .flatMap((text) => [text, ...listEncodings(text)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function listLines(secret: string): string[] {
  const lines = secret.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.length >= MIN_LINE_LENGTH);
}

function listEncodings(text: string): string[] {
  const bytes = Buffer.from(text);
  const url = encodeURIComponent(bytes.toString("utf8"));
  const lowerCase = url.replace(/%../g, (code) => code.toLowerCase());
  const base64 = [bytes.toString("base64"), ...[0, 1, 2].flatMap((n) => listInner(bytes, n))];
  return [
    url,
    lowerCase,
    url.replaceAll("%20", "+"),
    JSON.stringify(text).slice(1, -1),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
  ];
}

/** The base64 characters that are the same whatever stands before and after, with `before` bytes in front (mod 3). */
function listInner(bytes: Buffer, before: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  const start = Math.ceil((before * 8) / 6);
  const end = Math.floor(((before + bytes.length) * 8) / 6);
  return end - start >= MIN_BASE64_LENGTH ? [encoded.slice(start, end)] : [];
}
