import { useRef, useState } from 'react';

export const ROW_HEIGHT = 28;
const MAX_HEIGHT = 560;
/** Rows kept ready above and below what is seen. */
const SPARE_ROWS = 8;

/** Which of many rows of one height are to be in the page while a box is scrolled. */
export function useVirtualRows(rowCount: number) {
  // The first visible row: between two rows there is nothing to draw again.
  const [topRow, setTopRow] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const height = Math.min(MAX_HEIGHT, rowCount * ROW_HEIGHT);
  const visibleRows = Math.ceil(height / ROW_HEIGHT) + 1;

  const scrolledTo = (scrollTop: number) =>
    setTopRow(Math.floor(scrollTop / ROW_HEIGHT));
  const scrollIntoView = (index: number) => {
    const element = box.current;
    if (!element) return;
    const top = index * ROW_HEIGHT;
    let target = element.scrollTop;
    if (top < target) target = top;
    if (top + ROW_HEIGHT > target + height) target = top + ROW_HEIGHT - height;
    element.scrollTop = target;
    scrolledTo(target);
  };

  return {
    box,
    height,
    first: Math.max(0, topRow - SPARE_ROWS),
    last: Math.min(rowCount, topRow + visibleRows + SPARE_ROWS),
    /** How many rows the page has at most. */
    places: visibleRows + 2 * SPARE_ROWS,
    rowsPerPage: Math.max(1, Math.floor(height / ROW_HEIGHT) - 1),
    scrolledTo,
    scrollIntoView,
  };
}
