/**
 * A sentence when the program of a command could not be started; null when it ran. The engine tells it only by exit code 1
 * and the words of its init process, so both must fit exactly.
 */
export function findMissingCommand(
  command: string[],
  exitCode: number,
  stderr: string,
): string | null {
  const program = command[0] ?? "";
  if (exitCode !== 1) return null;
  const words = stderr.trim();
  if (words === `exec: ${JSON.stringify(program)}: executable file not found in $PATH`)
    return `The image has no program "${program}" in its PATH.`;
  const [, file = "", reason = ""] = /^fork\/exec (.*): ([^:]*)$/.exec(words) ?? [];
  // A program found in the PATH is named by its whole path.
  const isProgram = program.includes("/") ? file === program : file.endsWith(`/${program}`);
  if (program === "" || !isProgram) return null;
  const isKnown =
    /^(no such file or directory|permission denied|exec format error|is a directory)$/;
  return isKnown.test(reason) ? `The program "${program}" cannot be started: ${reason}.` : null;
}
