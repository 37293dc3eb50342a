import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { fitScale, type Size } from './placeColumns';

const LEAST_SCALE = 0.1;
const MOST_SCALE = 2;
const ZOOM_STEP = 1.25;
const KEY_STEP = 60;
/** Less than this is a click that trembled. */
const DRAG_STARTS_AT = 4;

export interface Pose {
  scale: number;
  x: number;
  y: number;
}

/** The whole drawing, not enlarged. */
export function fit(drawing: Size, box: Size): Pose {
  const scale = Math.max(LEAST_SCALE, fitScale(drawing, box));
  return centred({ x: drawing.width / 2, y: drawing.height / 2 }, scale, box);
}

/** The drawing with a point of it in the middle. */
export function centred(
  point: { x: number; y: number },
  scale: number,
  box: Size,
): Pose {
  return {
    scale,
    x: box.width / 2 - point.x * scale,
    y: box.height / 2 - point.y * scale,
  };
}

/** Another scale, with what is at `at` staying there. */
export function zoomed(
  pose: Pose,
  factor: number,
  at: { x: number; y: number },
): Pose {
  const scale = Math.min(
    MOST_SCALE,
    Math.max(LEAST_SCALE, pose.scale * factor),
  );
  const ratio = scale / pose.scale;
  return {
    scale,
    x: at.x - (at.x - pose.x) * ratio,
    y: at.y - (at.y - pose.y) * ratio,
  };
}

type ChangePose = (next: (pose: Pose) => Pose) => void;

function useWheelZoom(window: RefObject<HTMLElement>, change: ChangePose) {
  useEffect(() => {
    const element = window.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      // Without Ctrl the wheel scrolls the page, as everywhere else on it.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const at = { x: event.clientX - left, y: event.clientY - top };
      change(now => zoomed(now, Math.exp(-event.deltaY / 300), at));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [window, change]);
}

function useDrag(pan: (x: number, y: number) => void) {
  const drag = useRef<{ x: number; y: number; isMoving: boolean }>();
  const onPointerDown = (event: PointerEvent) => {
    if (event.button === 0) {
      drag.current = { x: event.clientX, y: event.clientY, isMoving: false };
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = drag.current;
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.isMoving && Math.hypot(x, y) < DRAG_STARTS_AT) return;
    if (!from.isMoving) event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, isMoving: true };
    pan(x, y);
  };
  const onPointerUp = () => {
    drag.current = undefined;
  };
  return {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: onPointerUp,
  };
}

/** Moves a drawing behind its window: by dragging, by keys, by buttons, and by the wheel with Ctrl held. */
export function usePanZoom(
  window: RefObject<HTMLElement>,
  box: Size,
  home: Pose,
) {
  const [moved, setMoved] = useState<Pose>();
  const pose = moved ?? home;
  const latest = useRef(pose);
  useEffect(() => {
    latest.current = pose;
  }, [pose]);
  const change: ChangePose = useCallback(
    next => setMoved(previous => next(previous ?? latest.current)),
    [],
  );
  const middle = { x: box.width / 2, y: box.height / 2 };
  const zoom = (factor: number) => change(now => zoomed(now, factor, middle));
  const pan = (x: number, y: number) =>
    change(now => ({ ...now, x: now.x + x, y: now.y + y }));
  useWheelZoom(window, change);
  const drag = useDrag(pan);

  const onKeyDown = (event: KeyboardEvent) => {
    const actions: Record<string, (() => void) | undefined> = {
      ArrowLeft: () => pan(KEY_STEP, 0),
      ArrowRight: () => pan(-KEY_STEP, 0),
      ArrowUp: () => pan(0, KEY_STEP),
      ArrowDown: () => pan(0, -KEY_STEP),
      '+': () => zoom(ZOOM_STEP),
      '=': () => zoom(ZOOM_STEP),
      '-': () => zoom(1 / ZOOM_STEP),
      '0': () => setMoved(undefined),
    };
    const act = actions[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      act();
    }
  };

  return {
    pose,
    zoomIn: () => zoom(ZOOM_STEP),
    zoomOut: () => zoom(1 / ZOOM_STEP),
    show: (next: Pose) => setMoved(next),
    handlers: { onKeyDown, ...drag },
  };
}
