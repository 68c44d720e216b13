/** One command of a pipeline. `env` is everything the command sees besides what the runner itself must set. */
export type PipelineStep = {
  /** Shown in logs; null for the only step of a containerized workflow. */
  name: string | null;
  /** OCI image reference; null only for a workflow that never runs in a container. */
  image: string | null;
  /** Program and arguments, never passed through a shell. */
  command: string[];
  env: Record<string, string>;
  /** Relative to the attempt's own directory; null means that directory. */
  workdir: string | null;
};

/** A workflow made concrete: what a runner performs, step after step, in one shared file system. */
export type Pipeline = {
  steps: PipelineStep[];
  /** Environment variable name to secret value, given to every step and redacted from its output. */
  secrets: Record<string, string>;
};
