/** Keys that more than one place needs. */

export const overviewKey = () => ["overview"] as const;
export const systemKey = () => ["system"] as const;
export const workersKey = () => ["workers"] as const;
export const runKey = (runId: string) => ["runs", runId] as const;
export const runStructureKey = (runId: string) => ["run-structures", runId] as const;
export const executionKey = (executionId: string) => ["executions", executionId] as const;
