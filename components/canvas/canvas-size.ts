/** A task on every canvas, in pixels at zoom 1. Fixed, so edges and layouts need not measure anything. */
export const NODE_WIDTH = 240;
export const NODE_HEIGHT = 72;

/** Free space between two columns and between two rows of a layout. */
export const COLUMN_GAP = 80;
export const ROW_GAP = 24;

/** What nodes snap to, and how far an arrow key moves them. */
export const GRID = 8;

/** From this many tasks on only the visible part of the canvas is in the document. */
export const VIRTUAL_FROM = 300;
