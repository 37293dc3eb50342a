import { useState, type PointerEvent } from 'react';

/** A rectangle in pixels of the element. */
export interface BrushBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Shorter moves are clicks of an unsteady hand. */
const SHORTEST_PX = 5;

function placeIn(event: PointerEvent<Element>): { x: number; y: number } {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** Draws a rectangle with the pointer; `onBrush` gets it when the pointer is let go. */
export function useBrush(onBrush: (box: BrushBox) => void) {
  const [drawn, setDrawn] = useState<BrushBox & { x: number; y: number }>();
  return {
    drawn,
    handlers: {
      onPointerDown(event: PointerEvent<Element>) {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        const { x, y } = placeIn(event);
        setDrawn({ x, y, left: x, right: x, top: y, bottom: y });
      },
      onPointerMove(event: PointerEvent<Element>) {
        if (!drawn) return;
        const { x, y } = placeIn(event);
        setDrawn({
          ...drawn,
          left: Math.min(drawn.x, x),
          right: Math.max(drawn.x, x),
          top: Math.min(drawn.y, y),
          bottom: Math.max(drawn.y, y),
        });
        if (!event.currentTarget.hasPointerCapture?.(event.pointerId)) {
          // The rectangle follows the pointer out of the element, too.
          event.currentTarget.setPointerCapture?.(event.pointerId);
        }
      },
      onPointerUp() {
        setDrawn(undefined);
        if (drawn && drawn.right - drawn.left >= SHORTEST_PX) onBrush(drawn);
      },
      onPointerCancel() {
        setDrawn(undefined);
      },
    },
  };
}
