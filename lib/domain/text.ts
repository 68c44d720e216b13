import * as z from "zod";
import { findTextProblem, utf8Length } from "./json";
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_KEY_LENGTH,
  MAX_NAME_LENGTH,
  MAX_STRING_BYTES,
} from "./limits";

/** C0 and C1 controls, also line breaks and tabs. */
const CONTROL = /\p{Cc}/u;
/** Controls other than line feed, carriage return and tab. */
const CONTROL_IN_TEXT = /(?![\n\r\t])\p{Cc}/u;
/**
 * Characters that change how the text around them reads without being seen: direction overrides and isolates, zero-width
 * space, word joiner, byte order mark, soft hyphen, tags. The joiners that emoji and some scripts need stay allowed.
 */
const INVISIBLE =
  /[\u00AD\u061C\u200B\u200E\u200F\u2028\u2029\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

function addIssue(ctx: z.RefinementCtx, message: string): void {
  ctx.addIssue({ code: "custom", message, params: { code: "invalid_character" } });
}

/** One line for people: trimmed, in normal form C, 1 to 200 code points, nothing invisible. */
export const nameSchema = lineSchema("Enter a name.");

/** Whatever executions share the slots of a pool by: one line, as a name. */
export const poolKeySchema = lineSchema("Enter a key, or leave it out.");

function lineSchema(whenEmpty: string) {
  return z
    .string()
    .max(MAX_NAME_LENGTH * 8, `Use at most ${MAX_NAME_LENGTH} characters.`)
    .superRefine((text, ctx) => {
      const problem = findTextProblem(text);
      if (problem) addIssue(ctx, `The text ${problem}.`);
      else if (CONTROL.test(text.trim()))
        addIssue(ctx, "Line breaks and control characters are not possible here.");
      else if (INVISIBLE.test(text))
        addIssue(ctx, "The text holds an invisible or direction-changing character.");
    })
    .transform((text) => text.normalize("NFC").trim())
    .refine((text) => text.length > 0, whenEmpty)
    .refine(
      (text) => [...text].length <= MAX_NAME_LENGTH,
      `Use at most ${MAX_NAME_LENGTH} characters.`,
    );
}

/** Several lines for people; may be empty. */
export const descriptionSchema = z
  .string()
  .max(MAX_DESCRIPTION_LENGTH, `Use at most ${MAX_DESCRIPTION_LENGTH} characters.`)
  .superRefine((text, ctx) => {
    const problem = findTextProblem(text);
    if (problem) addIssue(ctx, `The text ${problem}.`);
    else if (CONTROL_IN_TEXT.test(text)) addIssue(ctx, "The text holds a control character.");
  })
  .transform((text) => text.normalize("NFC"));

/** The name a task has in references, imports and the API; ASCII only, so no two keys look the same. */
export const taskKeySchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    'Start with a letter or digit and use only letters, digits, "_", "-" and ".".',
  )
  .max(MAX_KEY_LENGTH, `Use at most ${MAX_KEY_LENGTH} characters.`);

/** A key made from a name: "Fetch the data!" becomes "fetch-the-data"; `fallback` when nothing is left. */
export function keyFromName(name: string, fallback = "task"): string {
  const ascii = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const key = ascii
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, MAX_KEY_LENGTH - 8);
  return key.replace(/-+$/, "") || fallback;
}

/** A value handed to a program (argument, variable): any text without NUL, at most 32 KiB. */
export const programTextSchema = z
  .string()
  .superRefine((text, ctx) => {
    const problem = findTextProblem(text);
    if (problem) addIssue(ctx, `The text ${problem}.`);
  })
  .refine((text) => utf8Length(text) <= MAX_STRING_BYTES, `Use at most ${MAX_STRING_BYTES} bytes.`);
