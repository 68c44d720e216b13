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

/** Layers of a hundred; each task waits for two of the layer before, and some for a third, to make up the number. */
export function layers({ tasks, dependencies }: { tasks: number; dependencies: number }): Shape {
  const width = 100;
  const extra = dependencies - 2 * (tasks - width);
  return Array.from({ length: tasks }, (_, i) => {
    if (i < width) return [];
    const first = (Math.floor(i / width) - 1) * width;
    const count = i - width < extra ? 3 : 2;
    return Array.from({ length: count }, (_, n) => first + ((i + 7 * n) % width));
  });
}
