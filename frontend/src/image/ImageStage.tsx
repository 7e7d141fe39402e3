import {
  type PointerEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

import {
  type Frame,
  type ImagePoint,
  type Lens,
  magnify,
  pan,
  screenPoint,
  type ScreenPoint,
  type Size,
  toImage,
  type View,
  viewOf,
  WHOLE,
} from "./geometry";
import styles from "./ImageStage.module.css";

export interface StageImage extends Size {
  readonly url: string;
}

export interface Tap {
  readonly at: ImagePoint;
  readonly screen: ScreenPoint;
  /** Of the right button, or a long press. */
  readonly secondary: boolean;
}

interface Props {
  image: StageImage;
  /** What the image is, for people who don't see it. */
  label: string;
  lens: Lens;
  onLens?: (lens: Lens) => void;
  /** Where the pointer is on the stage; null when it leaves. */
  onHover?: (frame: Frame, at: ScreenPoint | null) => void;
  onTap?: (tap: Tap, view: View) => void;
  /** Takes hold of something on the image: from then on the press moves that, not the image. */
  onGrab?: (at: ScreenPoint, view: View) => Grabbed | null;
  /** The image is decoded and painted. */
  onPainted?: () => void;
  /** Drawn over the image, in the stage's pixels. */
  overlay?: (view: View) => ReactNode;
  cursor?: "default" | "crosshair" | "pointer";
  children?: ReactNode;
}

/** `first`: the first move since it was taken hold of. */
export type Grabbed = (to: ImagePoint, first: boolean) => void;

/** Further than this, a press is a drag. */
const SLOP_PX = 5;

/** An image that fills its place, zoomed by wheel and pinch, moved by dragging. */
export function ImageStage(props: Props) {
  const { image, label, lens, onPainted, overlay, cursor = "default", children } = props;
  const [box, size] = useSize();
  const element = useRef<HTMLImageElement>(null);
  const frame: Frame = { image, stage: size };
  const view = viewOf(frame, lens);
  const pointers = usePointers(frame, props);
  useWheel(box, frame, props);

  const laidOut = size.width > 0;

  useEffect(() => {
    let mounted = true;
    const painted = () => {
      // Two frames: one to lay out, one to paint.
      requestAnimationFrame(() => requestAnimationFrame(() => mounted && onPainted?.()));
    };
    element.current?.decode().then(painted, () => undefined);
    return () => {
      mounted = false;
    };
  }, [image.url, onPainted, laidOut]);

  return (
    <div
      ref={box}
      className={styles.stage}
      style={{ cursor: lens.magnification > 1 && cursor === "default" ? "grab" : cursor }}
      role="img"
      aria-label={label}
      {...pointers}
    >
      {laidOut && (
        <>
          <img
            ref={element}
            key={image.url}
            className={styles.image}
            src={image.url}
            alt=""
            draggable={false}
            style={{
              left: view.left,
              top: view.top,
              width: image.width * view.scale,
              height: image.height * view.scale,
            }}
          />
          {overlay?.(view)}
        </>
      )}
      {children}
    </div>
  );
}

function useSize(): [Ref<HTMLDivElement> & { current: HTMLDivElement | null }, Size] {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, size];
}

function within(event: { clientX: number; clientY: number }, element: Element): ScreenPoint {
  const { left, top } = element.getBoundingClientRect();
  return screenPoint(event.clientX - left, event.clientY - top);
}

/** One pointer taps or drags; two pinch. */
function usePointers(frame: Frame, { lens, onLens, onHover, onTap, onGrab }: Props) {
  const down = useRef(new Map<number, ScreenPoint>());
  const start = useRef<ScreenPoint | null>(null);
  const dragged = useRef(false);
  const grabbed = useRef<Grabbed | null>(null);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const at = within(event, event.currentTarget);
    event.currentTarget.setPointerCapture(event.pointerId);
    down.current.set(event.pointerId, at);
    if (down.current.size === 1) {
      start.current = at;
      dragged.current = false;
      grabbed.current = event.button === 0 ? (onGrab?.(at, viewOf(frame, lens)) ?? null) : null;
    } else {
      dragged.current = true;
      grabbed.current = null;
    }
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const at = within(event, event.currentTarget);
    onHover?.(frame, at);
    const before = down.current.get(event.pointerId);
    if (!before || !start.current) return;
    down.current.set(event.pointerId, at);
    const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const ratio = distance(at, other) / Math.max(1, distance(before, other));
      onLens?.(magnify(frame, lens, middleOf(at, other), lens.magnification * ratio));
      return;
    }
    if (!dragged.current && distance(at, start.current) < SLOP_PX) return;
    const first = !dragged.current;
    dragged.current = true;
    if (grabbed.current) grabbed.current(toImage(viewOf(frame, lens), at), first);
    else if (lens.magnification > 1) onLens?.(pan(frame, lens, at.x - before.x, at.y - before.y));
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const at = within(event, event.currentTarget);
    const pressed = down.current.delete(event.pointerId);
    if (!pressed || dragged.current || down.current.size > 0 || event.button !== 0) return;
    const view = viewOf(frame, lens);
    onTap?.({ at: toImage(view, at), screen: at, secondary: false }, view);
  };

  return {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: (event: PointerEvent<HTMLDivElement>) => {
      down.current.delete(event.pointerId);
    },
    onPointerLeave: () => onHover?.(frame, null),
    // Two quick taps that mark or choose something are not meant for the zoom.
    onDoubleClick: () => !onTap && onLens?.(WHOLE),
    onContextMenu: (event: React.MouseEvent<HTMLDivElement>) => {
      event.preventDefault();
      if (!onTap) return;
      const at = within(event, event.currentTarget);
      const view = viewOf(frame, lens);
      onTap({ at: toImage(view, at), screen: at, secondary: true }, view);
    },
  };
}

function distance(a: ScreenPoint, b: ScreenPoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middleOf(a: ScreenPoint, b: ScreenPoint): ScreenPoint {
  return screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
}

/** React's own wheel listener is passive, and the page would scroll. */
function useWheel(
  box: { current: HTMLDivElement | null },
  frame: Frame,
  { lens, onLens }: Props,
): void {
  const latest = useRef({ frame, lens, onLens });
  useLayoutEffect(() => {
    latest.current = { frame, lens, onLens };
  });
  const turn = useCallback((event: WheelEvent) => {
    const now = latest.current;
    if (!now.onLens || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    const at = within(event, event.currentTarget);
    const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 0.05 : 0.0016;
    const closer = now.lens.magnification * Math.exp(-event.deltaY * step);
    now.onLens(magnify(now.frame, now.lens, at, closer));
  }, []);
  useEffect(() => {
    const element = box.current;
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [box, turn]);
}
