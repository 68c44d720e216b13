import { parseArgs } from "node:util";
import * as z from "zod";

/** Everything that can be done to the system; `--faults` chooses among them, or "none" for the load alone. */
const faults = [
  "kill",
  "stop",
  "stale",
  "drain",
  "partition",
  "commit",
  "clock",
  "postgres",
  "disk",
  "flood",
  "resize",
  "breaker",
  "cancel",
  "retry",
  "pause",
  "diamonds",
] as const;

export type Fault = (typeof faults)[number];

export type SoakOptions = {
  minutes: number;
  seed: number;
  faults: ReadonlySet<Fault>;
  workers: number;
  /** File for the report as JSON. */
  json: string | null;
};

const MAX_SEED = 2 ** 31 - 1;

const schema = z.object({
  minutes: z.coerce.number("a number of minutes").positive().max(10_000).default(15),
  seed: z.coerce
    .number(`a whole number from 0 to ${MAX_SEED}`)
    .int()
    .min(0)
    .max(MAX_SEED)
    .default(() => Math.floor(Math.random() * MAX_SEED)),
  faults: z
    .string()
    .default(faults.join(","))
    .transform((text) => (text === "none" ? [] : text.split(",").map((name) => name.trim())))
    .pipe(
      z.array(z.enum(faults, `none, or names with commas between them, of ${faults.join(", ")}`)),
    ),
  workers: z.coerce.number("a whole number from 4 to 8").int().min(4).max(8).default(8),
  json: z.string().optional(),
});

/** What the command line asks for; throws an Error whose message is a sentence for the person who typed it. */
export function parseSoakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      faults: { type: "string" },
      workers: { type: "string" },
      json: { type: "string" },
    },
  });
  const parsed = schema.safeParse(values);
  if (parsed.success) {
    const { json, ...options } = parsed.data;
    return { ...options, faults: new Set(options.faults), json: json ?? null };
  }
  const issue = parsed.error.issues[0];
  throw new Error(`--${String(issue?.path[0])} is not possible: ${issue?.message}`);
}
