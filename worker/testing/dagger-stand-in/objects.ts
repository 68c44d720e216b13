import type { OutputStream } from "@/worker/runners/runner";

/** What a command left behind. */
export type Exec = {
  exitCode: number;
  /** Files with all it printed. */
  output: Record<OutputStream, string>;
};

/** A container as far as it has been described; never changed, only copied. */
export type Container = {
  type: "Container";
  /** Equal keys mean equal content: what the engine's cache goes by. */
  key: string;
  image: string | null;
  env: Record<string, string>;
  secrets: Record<string, Secret>;
  workdir: string;
  /** Path in the container to the folder of this machine that holds its content; null for an empty one. */
  mounts: Record<string, Directory>;
  exec: Exec | null;
};

export type Directory = { type: "Directory"; key: string; folder: string | null };
export type File = { type: "File"; key: string; file: string };
type Secret = { type: "Secret"; key: string; name: string };
export type Query = { type: "Query"; key: string };

export type StandInObject = Container | Directory | File | Secret | Query;

export const emptyContainer: Container = {
  type: "Container",
  key: "container",
  image: null,
  env: {},
  secrets: {},
  workdir: "/",
  mounts: {},
  exec: null,
};

/** An error of the work itself, answered with status 200 as the engine does. */
export class StandInError extends Error {
  readonly extensions: Record<string, unknown>;

  constructor(message: string, extensions: Record<string, unknown> = {}) {
    super(`${message} [traceparent:00000000000000000000000000000001-0000000000000001]`);
    this.extensions = extensions;
  }
}

/** A query that the schema does not allow, answered with status 422. */
export class InvalidQueryError extends Error {}
