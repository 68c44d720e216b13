/** Prints one line for the person who started the product. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints the line again and again, with the time that has passed, until the work is done. */
export async function sayWhile<T>(line: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => {
    say(`  ${line}, ${Math.round((Date.now() - started) / 1000)} s`);
  }, 10_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
