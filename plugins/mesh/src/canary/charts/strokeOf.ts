/** Versions differ by colour and by dash. */
const STROKES = [
  { stroke: 'var(--bui-fg-secondary)', strokeDasharray: undefined },
  { stroke: 'var(--bui-fg-announcement)', strokeDasharray: '7 4' },
  { stroke: 'var(--bui-fg-warning)', strokeDasharray: '2 3' },
  { stroke: 'var(--bui-fg-positive)', strokeDasharray: '9 3 2 3' },
];

/** How the line of a version is drawn, by its place among them. */
export function strokeOf(index: number) {
  return STROKES[index % STROKES.length];
}
