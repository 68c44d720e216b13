/**
 * Variables that make a program load code or read its script otherwise. A command in a container may have them; on a host
 * they would reach the programs that start the command as well.
 */
export const LOADER_VARIABLES: readonly string[] = [
  "BASHOPTS",
  "BASH_ENV",
  "CDPATH",
  "ENV",
  "GCONV_PATH",
  "GIT_EXEC_PATH",
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "IFS",
  "JAVA_TOOL_OPTIONS",
  "LOCPATH",
  "NODE_OPTIONS",
  "PERL5OPT",
  "PROMPT_COMMAND",
  "PS4",
  "PYTHONHOME",
  "PYTHONSTARTUP",
  "RUBYOPT",
  "SHELLOPTS",
  "_JAVA_OPTIONS",
];

/** Every variable of the dynamic linkers, on Linux and on macOS. */
const LOADER_PREFIX = /^(LD|DYLD)_/;

/** Variables that the runner sets itself. The engine sets DAGLINE_* and keeps tasks from declaring them. */
const RESERVED = /^(PATH|TASK_OUTPUT)$/;

/**
 * Why a command that runs on this host, outside of any container, must not be given a variable of this name: a sentence
 * for people, or null when it may have it.
 */
export function findHostVariableProblem(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
    return `${JSON.stringify(name)} is not a name for a variable: use letters, digits and "_", at most 128 of them.`;
  }
  if (LOADER_VARIABLES.includes(name) || LOADER_PREFIX.test(name)) {
    return `The variable ${name} changes how programs are loaded and is refused by the process runner; set it inside the command.`;
  }
  if (RESERVED.test(name)) {
    return `The variable ${name} is set by the process runner itself; remove it from the task, or set it inside the command.`;
  }
  return null;
}
