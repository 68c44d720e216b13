import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NODE_HEIGHT, NODE_WIDTH } from "./canvas-size";
import { type LayoutEdge, layeredLayout, type Point } from "./layered-layout";

function chain(length: number): { ids: string[]; edges: LayoutEdge[] } {
  const ids = Array.from({ length }, (_, i) => `t${i}`);
  return { ids, edges: ids.slice(1).map((target, i) => ({ source: `t${i}`, target })) };
}

function overlaps(places: ReadonlyMap<string, Point>): boolean {
  const points = [...places.values()];
  return points.some((a, i) =>
    points
      .slice(i + 1)
      .some((b) => Math.abs(a.x - b.x) < NODE_WIDTH && Math.abs(a.y - b.y) < NODE_HEIGHT),
  );
}

/** Any graph without a cycle: edges go from a smaller number to a larger one. */
const graphs = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 50 }).map((pairs) => ({
    ids: Array.from({ length: size }, (_, i) => `t${i}`),
    edges: pairs.filter(([a, b]) => a < b).map(([a, b]) => ({ source: `t${a}`, target: `t${b}` })),
  })),
);

describe("layeredLayout", () => {
  it("places nothing when there is nothing", () => {
    expect(layeredLayout([], [])).toEqual(new Map());
  });

  it("draws a chain as one straight line", () => {
    const { ids, edges } = chain(5);

    const places = layeredLayout(ids, edges);

    expect(new Set([...places.values()].map(({ y }) => y)).size).toBe(1);
    expect(ids.map((id) => places.get(id)?.x)).toEqual([0, 320, 640, 960, 1280]);
  });

  it("sets every task to the right of all it waits for, and none upon another", () => {
    fc.assert(
      fc.property(graphs, ({ ids, edges }) => {
        const places = layeredLayout(ids, edges);

        expect(places.size).toBe(ids.length);
        expect(overlaps(places)).toBe(false);
        for (const { source, target } of edges)
          expect(places.get(source)?.x).toBeLessThan(places.get(target)?.x ?? -1);
      }),
    );
  });

  it("uncrosses two lines that need not cross", () => {
    const places = layeredLayout(
      ["a", "b", "c", "d", "e"],
      [
        { source: "a", target: "d" },
        { source: "b", target: "c" },
        { source: "c", target: "e" },
        { source: "d", target: "e" },
      ],
    );

    const order = (first: string, second: string) =>
      Math.sign((places.get(first)?.y ?? 0) - (places.get(second)?.y ?? 0));
    expect(order("a", "b")).toBe(order("d", "c"));
  });

  it("puts a source next to the task that waits for it", () => {
    const { ids, edges } = chain(4);

    const places = layeredLayout([...ids, "late"], [...edges, { source: "late", target: "t3" }]);

    expect(places.get("late")?.x).toBe(places.get("t2")?.x);
  });

  it("folds a wide fan-out into columns", () => {
    const leaves = Array.from({ length: 200 }, (_, i) => `leaf${i}`);

    const places = layeredLayout(
      ["root", ...leaves],
      leaves.map((target) => ({ source: "root", target })),
    );

    const heights = [...places.values()].map(({ y }) => y);
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(4_000);
    expect(overlaps(places)).toBe(false);
  });

  it("survives a cycle and edges of unknown tasks", () => {
    const edges = [
      { source: "a", target: "b" },
      { source: "b", target: "a" },
      { source: "a", target: "gone" },
    ];

    expect(layeredLayout(["a", "b"], edges).size).toBe(2);
  });

  it("gives the same places each time", () => {
    const { ids, edges } = chain(30);
    const more = [...edges, { source: "t1", target: "t9" }, { source: "t2", target: "t20" }];

    expect(layeredLayout(ids, more)).toEqual(layeredLayout(ids, more));
  });

  it("places each of 1,000 tasks on a spot of its own", () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `t${i}`);
    const edges = ids.slice(20).flatMap((target, i) => [
      { source: `t${i}`, target },
      { source: `t${Math.floor(i / 20) * 20 + ((i * 7) % 20)}`, target },
    ]);
    const places = [...layeredLayout(ids, edges).values()];

    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(1_000);
  });
});
