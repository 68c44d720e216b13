import { COLUMN_GAP, GRID, NODE_HEIGHT, NODE_WIDTH, ROW_GAP } from "./canvas-size";
import { assignLayers } from "./layout-layers";
import { orderLayers } from "./layout-order";
import { placeRows } from "./layout-rows";

export type LayoutEdge = { source: string; target: string };
export type Point = { x: number; y: number };

/** A place within the layers: a task, or a bend of an edge that passes through the layer (`id` null). */
export type LayoutItem = { id: string | null; height: number; before: number[]; after: number[] };

/** The items by number and, per layer from left to right, the numbers in their order from top to bottom. */
export type Layers = { items: LayoutItem[]; layers: number[][] };

const COLUMN = NODE_WIDTH + COLUMN_GAP;
/** Layers with more tasks than this are folded into several columns, so that a wide fan-out stays readable. */
const MAX_ROWS = 60;
const FOLDED_ROWS = 32;

/**
 * Places for all tasks, left to right: each to the right of what it waits for, few crossings, straight lines where that is
 * possible. Parts without a connection stand below each other. Linear enough for 10,000 tasks while a person waits.
 */
export function layeredLayout(
  ids: readonly string[],
  edges: readonly LayoutEdge[],
): Map<string, Point> {
  const places = new Map<string, Point>();
  let top = 0;
  for (const part of connectedParts(ids, edges)) {
    const layered = assignLayers(part.ids, part.edges);
    orderLayers(layered);
    const rows = placeRows(layered);
    top += putColumns(layered, rows, { top, places });
  }
  return places;
}

/** Writes the places of one part below `top`; returns the height it takes. */
function putColumns(
  { items, layers }: Layers,
  rows: readonly number[],
  { top, places }: { top: number; places: Map<string, Point> },
): number {
  const centre = middleOf(layers.flat().map((item) => rows[item] ?? 0));
  const found: { id: string; x: number; y: number }[] = [];
  let column = 0;
  for (const layer of layers) {
    const tasks = layer.filter((item) => items[item]?.id !== null);
    const folded = tasks.length > MAX_ROWS;
    tasks.forEach((item, i) => {
      const y = folded
        ? centre + ((i % FOLDED_ROWS) - FOLDED_ROWS / 2) * (NODE_HEIGHT + ROW_GAP)
        : (rows[item] ?? 0);
      const fold = folded ? Math.floor(i / FOLDED_ROWS) : 0;
      found.push({ id: items[item]?.id ?? "", x: (column + fold) * COLUMN, y });
    });
    column += folded ? Math.ceil(tasks.length / FOLDED_ROWS) : 1;
  }
  const [lowest, highest] = extent(found.map(({ y }) => y));
  for (const { id, x, y } of found) places.set(id, { x: snap(x), y: snap(top + y - lowest) });
  return snap(highest - lowest) + NODE_HEIGHT + 2 * ROW_GAP;
}

/** The parts that hang together, the largest first, tasks without any dependency as one grid-like part last. */
function connectedParts(ids: readonly string[], edges: readonly LayoutEdge[]) {
  const root = new Map(ids.map((id) => [id, id]));
  function find(id: string): string {
    let at = id;
    for (let up = root.get(at); up !== undefined && up !== at; up = root.get(at)) {
      root.set(at, root.get(up) ?? up);
      at = up;
    }
    return at;
  }
  const known = edges.filter(({ source, target }) => root.has(source) && root.has(target));
  for (const { source, target } of known) root.set(find(source), find(target));

  const parts = new Map<string, { ids: string[]; edges: LayoutEdge[] }>();
  const alone = { ids: [] as string[], edges: [] as LayoutEdge[] };
  const connected = new Set(known.flatMap(({ source, target }) => [source, target]));
  for (const id of ids) {
    if (!connected.has(id)) alone.ids.push(id);
    else partOf(parts, find(id)).ids.push(id);
  }
  for (const edge of known) partOf(parts, find(edge.source)).edges.push(edge);
  const sorted = [...parts.values()].sort((a, b) => b.ids.length - a.ids.length);
  return alone.ids.length > 0 ? [...sorted, ...gridOf(alone.ids)] : sorted;
}

function partOf(parts: Map<string, { ids: string[]; edges: LayoutEdge[] }>, root: string) {
  const part = parts.get(root) ?? { ids: [], edges: [] };
  parts.set(root, part);
  return part;
}

/** Tasks without dependencies, as rows of equal length: each row is a part whose tasks follow one another. */
function gridOf(ids: readonly string[]) {
  const columns = Math.max(3, Math.ceil(Math.sqrt(ids.length / 2)));
  const rows = Array.from({ length: Math.ceil(ids.length / columns) }, (_, i) =>
    ids.slice(i * columns, (i + 1) * columns),
  );
  return rows.map((row) => ({
    ids: row,
    edges: row.slice(1).map((target, i) => ({ source: row[i] ?? target, target })),
  }));
}

function extent(values: readonly number[]): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return [lowest, highest];
}

function middleOf(values: readonly number[]): number {
  const [lowest, highest] = extent(values);
  return (lowest + highest) / 2;
}

function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}
