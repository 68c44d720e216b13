import { expect, it } from "vitest";
import type { RunStructure } from "@/lib/domain/views";
import { toRunFlow, withSelection } from "./to-run-flow";

function structureOf(places: Record<string, [number, number] | null>): RunStructure {
  const executions = Object.entries(places).map(([executionId, place]) => ({
    executionId,
    taskId: null,
    taskKey: executionId,
    taskName: executionId.toUpperCase(),
    priority: "MEDIUM" as const,
    maxRetries: 3,
    pool: null,
    x: place?.[0] ?? null,
    y: place?.[1] ?? null,
  }));
  return { executions, dependencies: [{ executionId: "b", dependsOnId: "a" }] };
}

it("keeps the places of the drawing", () => {
  const { nodes } = toRunFlow(structureOf({ a: [10, 20], b: [400, 24] }));

  expect(nodes.map(({ id, position }) => [id, position])).toEqual([
    ["a", { x: 10, y: 20 }],
    ["b", { x: 400, y: 24 }],
  ]);
});

it("lays out by dependencies what has no drawing, the dependent to the right", () => {
  const { nodes, edges } = toRunFlow(structureOf({ a: null, b: null }));
  const x = (id: string) => nodes.find((node) => node.id === id)?.position.x ?? Number.NaN;

  expect(x("b")).toBeGreaterThan(x("a"));
  expect(edges).toMatchObject([{ source: "a", target: "b" }]);
});

it("replaces only the selected node", () => {
  const { nodes } = toRunFlow(structureOf({ a: [0, 0], b: [400, 0] }));
  const [a, b] = withSelection(nodes, "b");

  expect(a).toBe(nodes[0]);
  expect(b).toMatchObject({ id: "b", selected: true });
});
