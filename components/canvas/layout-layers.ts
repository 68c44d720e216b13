import { NODE_HEIGHT, ROW_GAP } from "./canvas-size";
import type { Layers, LayoutEdge, LayoutItem } from "./layered-layout";

/** With more bends than this the long edges are drawn straight through: the layout has to stay quick. */
const MAX_BENDS = 4_000;
/** Height of a lane for an edge that passes through a layer. */
const LANE = 24;

/**
 * Every task in the first layer after all it waits for, sources next to the first that waits for them; long edges get a
 * bend in each layer they pass. Tasks within a cycle (which a graph never has) count as if they waited for nothing.
 */
export function assignLayers(ids: readonly string[], edges: readonly LayoutEdge[]): Layers {
  const number = new Map(ids.map((id, i) => [id, i]));
  const items: LayoutItem[] = ids.map((id) => ({
    id,
    height: NODE_HEIGHT + ROW_GAP,
    before: [],
    after: [],
  }));
  const links = edges.flatMap(({ source, target }) => {
    const [from, to] = [number.get(source), number.get(target)];
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
  const layerOf = longestPaths(ids.length, links);
  const layers: number[][] = [];
  layerOf.forEach((layer, item) => {
    layers[layer] ??= [];
    layers[layer].push(item);
  });
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  connect({ items, layers }, layerOf, links);
  return { items, layers };
}

function longestPaths(count: number, links: readonly (readonly [number, number])[]): number[] {
  const after: number[][] = Array.from({ length: count }, () => []);
  const waiting = new Array<number>(count).fill(0);
  for (const [from, to] of links) {
    after[from]?.push(to);
    waiting[to] = (waiting[to] ?? 0) + 1;
  }
  const sources = waiting.flatMap((n, item) => (n === 0 ? [item] : []));
  const layer = new Array<number>(count).fill(0);
  const queue = [...sources];
  for (const item of queue) {
    for (const next of after[item] ?? []) {
      layer[next] = Math.max(layer[next] ?? 0, (layer[item] ?? 0) + 1);
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) queue.push(next);
    }
  }
  for (const item of sources) layer[item] = beforeNearest(after[item] ?? [], layer);
  return layer;
}

/** The layer just before the first of `next`; the first layer when there is none. */
function beforeNearest(next: readonly number[], layer: readonly number[]): number {
  const nearest = next.reduce((least, item) => Math.min(least, layer[item] ?? 0), Number.MAX_VALUE);
  return nearest === Number.MAX_VALUE ? 0 : Math.max(0, nearest - 1);
}

function connect(
  { items, layers }: Layers,
  layerOf: readonly number[],
  links: readonly (readonly [number, number])[],
): void {
  const spans = links.map(([from, to]) => (layerOf[to] ?? 0) - (layerOf[from] ?? 0) - 1);
  const bends = spans.reduce((sum, span) => sum + Math.max(0, span), 0);
  links.forEach(([from, to], i) => {
    let previous = from;
    for (let step = 1; bends <= MAX_BENDS && step <= (spans[i] ?? 0); step++) {
      const bend = items.push({ id: null, height: LANE, before: [], after: [] }) - 1;
      layers[(layerOf[from] ?? 0) + step]?.push(bend);
      link(items, previous, bend);
      previous = bend;
    }
    link(items, previous, to);
  });
}

function link(items: LayoutItem[], from: number, to: number): void {
  items[from]?.after.push(to);
  items[to]?.before.push(from);
}
