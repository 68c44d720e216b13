export const priorities = ["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

export type Priority = (typeof priorities)[number];

/** What is stored: the larger number is claimed first. */
export const PRIORITY_RANK = { LOW: 0, MEDIUM: 1, HIGH: 2, CRITICAL: 3 } as const satisfies Record<
  Priority,
  number
>;

/** The priority of a stored rank; throws a RangeError for a number that is none. */
export function priorityOf(rank: number): Priority {
  const priority = priorities[rank];
  if (!priority) throw new RangeError(`${rank} is not the rank of a priority (0 to 3).`);
  return priority;
}
