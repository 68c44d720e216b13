import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cycleClosedBy,
  downstreamOf,
  findCycles,
  findGraphProblems,
  type GraphNode,
  requireValidGraph,
  topologicalSort,
  upstreamOf,
} from "./graph";

const graph = (shape: Record<string, string[]>): GraphNode[] =>
  Object.entries(shape).map(([key, dependsOn]) => ({ key, dependsOn }));

const chain = (length: number): GraphNode[] =>
  Array.from({ length }, (_, i) => ({ key: `t${i}`, dependsOn: i === 0 ? [] : [`t${i - 1}`] }));

describe("the topological order", () => {
  it("puts every task after those it waits for and keeps the given order otherwise", () => {
    expect(topologicalSort(graph({ d: ["b", "c"], b: ["a"], c: ["a"], a: [], x: [] }))).toEqual([
      "a",
      "x",
      "b",
      "c",
      "d",
    ]);
  });

  it("does not change its input", () => {
    const nodes = graph({ b: ["a"], a: [] });
    const before = structuredClone(nodes);
    topologicalSort(nodes);
    expect(nodes).toEqual(before);
  });

  it("holds for any graph without a cycle", () => {
    const acyclic = fc
      .array(fc.array(fc.nat(), { maxLength: 5 }), { minLength: 1, maxLength: 60 })
      .map((rows) =>
        rows.map((parents, i) => ({
          key: `t${i}`,
          dependsOn: [...new Set(i === 0 ? [] : parents.map((p) => `t${p % i}`))],
        })),
      );
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const order = topologicalSort([...nodes].reverse());
        const place = new Map(order.map((key, i) => [key, i]));
        expect(order).toHaveLength(nodes.length);
        for (const { key, dependsOn } of nodes)
          for (const parent of dependsOn)
            expect(place.get(parent) ?? 0).toBeLessThan(place.get(key) ?? -1);
      }),
    );
  });
});

describe("a cycle", () => {
  it("is named whole", () => {
    expect(() => topologicalSort(graph({ a: ["c"], b: ["a"], c: ["b"], d: ["c"] }))).toThrow(
      /a → b → c → a/,
    );
  });

  it("is found when a task waits for itself", () => {
    expect(findCycles(graph({ a: ["a"] }))).toEqual([["a", "a"]]);
  });

  it("is named once for each part of the graph that has any", () => {
    const problems = findGraphProblems(graph({ a: ["b"], b: ["a"], c: ["d"], d: ["c"], e: [] }));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("a → b → a"),
      expect.stringContaining("c → d → c"),
    ]);
  });

  it("of 5,000 tasks is found without recursion and shown shortened", () => {
    const nodes = chain(5000);
    const first = { key: "t0", dependsOn: ["t4999"] };
    const [problem] = findGraphProblems([first, ...nodes.slice(1)]);
    expect(problem?.code).toBe("cycle");
    expect(problem?.message).toMatch(/… 4981 more … → t0/);
  });

  it("that a new dependency would close is told before it is drawn", () => {
    const nodes = graph({ a: [], b: ["a"], c: ["b"] });
    expect(cycleClosedBy(nodes, { source: "c", target: "a" })).toEqual(["a", "b", "c", "a"]);
    expect(cycleClosedBy(nodes, { source: "a", target: "c" })).toBeNull();
    expect(cycleClosedBy(nodes, { source: "b", target: "b" })).toEqual(["b", "b"]);
  });
});

describe("a graph is refused", () => {
  it.each([
    ["when it is empty", [], "empty"],
    ["for an unknown dependency", graph({ a: ["ghost"] }), "unknown_dependency"],
    ["for a key used twice", [...graph({ a: [] }), ...graph({ a: [] })], "duplicate_key"],
    ["for a dependency named twice", graph({ a: [], b: ["a", "a"] }), "duplicate_key"],
    ["for one task too many", chain(10_001), "too_many_tasks"],
  ])("%s", (_, nodes, code) => {
    expect(findGraphProblems(nodes).map((problem) => problem.code)).toEqual([code]);
    expect(() => requireValidGraph(nodes)).toThrow(expect.objectContaining({ code }));
  });

  it("for too many dependencies", () => {
    const parents = Array.from({ length: 300 }, (_, i) => `p${i}`);
    const nodes = [
      ...parents.map((key) => ({ key, dependsOn: [] })),
      ...Array.from({ length: 200 }, (_, i) => ({ key: `c${i}`, dependsOn: parents })),
    ];
    expect(findGraphProblems(nodes)).toEqual([
      expect.objectContaining({ code: "too_many_dependencies" }),
    ]);
  });

  it("but not for its size alone, up to 10,000 tasks", () => {
    expect(findGraphProblems(chain(10_000))).toEqual([]);
    expect(findGraphProblems(graph({ a: [] }))).toEqual([]);
  });

  it("and keys such as __proto__ or toString are keys like any other", () => {
    const nodes = [
      { key: "__proto__", dependsOn: [] },
      { key: "toString", dependsOn: ["__proto__"] },
    ];
    expect(topologicalSort(nodes)).toEqual(["__proto__", "toString"]);
    expect(findGraphProblems([{ key: "a", dependsOn: ["constructor"] }])[0]?.code).toBe(
      "unknown_dependency",
    );
  });
});

it("knows everything downstream and upstream of a task", () => {
  const nodes = graph({ a: [], b: ["a"], c: ["b"], x: [] });
  expect([...downstreamOf(nodes, ["a"])]).toEqual(["b", "c"]);
  expect([...upstreamOf(nodes, ["c"])].sort()).toEqual(["a", "b"]);
});
