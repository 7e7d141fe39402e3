import { type ReactNode, type Ref, useEffect, useLayoutEffect, useRef, useState } from "react";

import { type Frame, type Size, type View, viewOf } from "./geometry";
import styles from "./ImageStage.module.css";
import { useExact } from "./useExact";
import { type PointerProps, usePointers } from "./usePointers";
import { useWheel } from "./useWheel";

export interface StageImage extends Size {
  readonly url: string;
  /** Where the exact pixels are, if `url` is a lossy copy; shown once one looks closer. */
  readonly exactUrl?: string;
}

interface Props extends PointerProps {
  image: StageImage;
  /** What the image is, for people who don't see it. */
  label: string;
  /** The image is decoded and painted. */
  onPainted?: () => void;
  /** Drawn over the image, in the stage's pixels. */
  overlay?: (view: View) => ReactNode;
  cursor?: "default" | "crosshair" | "pointer";
  children?: ReactNode;
}

/** An image that fills its place, zoomed by wheel and pinch, moved by dragging. */
export function ImageStage(props: Props) {
  const { image, label, lens, onPainted, overlay, cursor = "default", children } = props;
  const [box, size] = useSize();
  const element = useRef<HTMLImageElement>(null);
  const frame: Frame = { image, stage: size };
  const view = viewOf(frame, lens);
  const source = useExact(image, lens.magnification > 1);
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
            src={source}
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
