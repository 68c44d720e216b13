/** A graph of tasks: for each, the places of those it waits for. */
export type Shape = readonly (readonly number[])[];

/** One task, so many that wait for it, one that waits for all of them. */
export function fan(width: number): Shape {
  const middle = Array.from({ length: width }, () => [0]);
  return [[], ...middle, middle.map((_, i) => i + 1)];
}

/** So many tasks, each waiting for the one before. */
export function chain(length: number): Shape {
  return Array.from({ length }, (_, i) => (i === 0 ? [] : [i - 1]));
}
