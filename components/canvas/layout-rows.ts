import type { Layers, LayoutItem } from "./layered-layout";

const SWEEPS = 8;

/**
 * The vertical place of each item's middle: as near to the middle of its neighbours as the order and the heights allow.
 * Each layer is solved exactly (least squares under an order is isotonic regression), from both sides in turn.
 */
export function placeRows({ items, layers }: Layers): number[] {
  const y = new Array<number>(items.length).fill(0);
  for (const layer of layers) stack(layer, items, y);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const fromLeft = sweep % 2 === 0;
    for (const layer of fromLeft ? layers : layers.toReversed())
      settle(layer, { items, y, side: fromLeft ? "before" : "after" });
  }
  return y;
}

/** One below the other, centred around zero. */
function stack(layer: readonly number[], items: readonly LayoutItem[], y: number[]): void {
  const height = layer.reduce((sum, item) => sum + (items[item]?.height ?? 0), 0);
  let top = -height / 2;
  for (const item of layer) {
    const own = items[item]?.height ?? 0;
    y[item] = top + own / 2;
    top += own;
  }
}

function settle(
  layer: readonly number[],
  { items, y, side }: { items: readonly LayoutItem[]; y: number[]; side: "before" | "after" },
): void {
  // Without the room that the items above it need, each wish becomes a number that must only never fall.
  let offset = 0;
  const offsets: number[] = [];
  const wishes = layer.map((item) => {
    const half = (items[item]?.height ?? 0) / 2;
    offsets.push(offset + half);
    offset += half * 2;
    const neighbours = items[item]?.[side] ?? [];
    const wish =
      neighbours.length > 0
        ? neighbours.reduce((sum, neighbour) => sum + (y[neighbour] ?? 0), 0) / neighbours.length
        : (y[item] ?? 0);
    return wish - (offsets.at(-1) ?? 0);
  });
  neverFalling(wishes).forEach((value, i) => {
    y[layer[i] ?? 0] = value + (offsets[i] ?? 0);
  });
}

/** The never falling numbers nearest to the given ones: neighbours that would fall are pooled at their mean. */
function neverFalling(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (let last = pools.at(-1); last && mean(last) > mean(pool); last = pools.at(-1)) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => new Array<number>(pool.count).fill(mean(pool)));
}

function mean({ sum, count }: { sum: number; count: number }): number {
  return sum / count;
}
