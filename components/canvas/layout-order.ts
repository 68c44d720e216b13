import type { Layers, LayoutItem } from "./layered-layout";

const SWEEPS = 8;

/**
 * Sorts each layer so that few lines cross: again and again by the middle of the neighbours, from the left and from the
 * right in turn, and keeps the best order seen. Ties keep their order, so the result is always the same.
 */
export function orderLayers(layered: Layers): void {
  const { items, layers } = layered;
  let best = layers.map((layer) => [...layer]);
  let fewest = countCrossings(layered);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const fromLeft = sweep % 2 === 0;
    const inTurn = fromLeft ? layers : layers.toReversed();
    const place = new Array<number>(items.length).fill(0);
    for (const layer of inTurn) {
      sortByNeighbours(layer, { items, place, side: fromLeft ? "before" : "after" });
      layer.forEach((item, i) => {
        place[item] = i / layer.length;
      });
    }
    const crossings = countCrossings(layered);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = layers.map((layer) => [...layer]);
  }
  best.forEach((layer, i) => {
    layers[i] = layer;
  });
}

function sortByNeighbours(
  layer: number[],
  { items, place, side }: { items: LayoutItem[]; place: number[]; side: "before" | "after" },
): void {
  const key = new Map<number, number>();
  layer.forEach((item, i) => {
    const neighbours = items[item]?.[side] ?? [];
    const sum = neighbours.reduce((total, neighbour) => total + (place[neighbour] ?? 0), 0);
    // What has no neighbour on this side stays where it is.
    key.set(item, neighbours.length > 0 ? sum / neighbours.length : i / layer.length);
  });
  layer.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
}

/** How many pairs of lines cross, counted between each two layers with a binary indexed tree. */
function countCrossings({ items, layers }: Layers): number {
  const place = new Array<number>(items.length).fill(0);
  for (const layer of layers)
    layer.forEach((item, i) => {
      place[item] = i;
    });
  let crossings = 0;
  for (let i = 0; i + 1 < layers.length; i++) {
    const right = layers[i + 1] ?? [];
    const tree = new Array<number>(right.length + 1).fill(0);
    let seen = 0;
    for (const item of layers[i] ?? []) {
      const ends = (items[item]?.after ?? []).map((next) => place[next] ?? 0).sort((a, b) => a - b);
      for (const end of ends) crossings += seen - sumTo(tree, end + 1);
      for (const end of ends) add(tree, end + 1);
      seen += ends.length;
    }
  }
  return crossings;
}

function sumTo(tree: readonly number[], index: number): number {
  let sum = 0;
  for (let i = index; i > 0; i -= i & -i) sum += tree[i] ?? 0;
  return sum;
}

function add(tree: number[], index: number): void {
  for (let i = index; i < tree.length; i += i & -i) tree[i] = (tree[i] ?? 0) + 1;
}
