import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";

import { type Frame, isWhole, showsPixels, type Size, type View, viewOf } from "./geometry";
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
  /** The share of the free width that lies left of the whole image. */
  align?: number;
  /** Told whenever the stage or the image has another size. */
  onFrame?: (frame: Frame) => void;
  /** The image is decoded and painted. */
  onPainted?: () => void;
  /** Drawn over the image, in the stage's pixels. */
  overlay?: (view: View) => ReactNode;
  cursor?: "default" | "crosshair" | "pointer";
  children?: ReactNode;
}

/** An image that fills its place, zoomed by wheel and pinch, moved by dragging. */
export function ImageStage(props: Props) {
  const { image, label, lens, align = 0.5, onFrame, onPainted, overlay, children } = props;
  const { cursor = "default" } = props;
  const [box, size] = useSize(image.url);
  const element = useRef<HTMLImageElement>(null);
  const { width, height } = image;
  const frame: Frame = useMemo(
    () => ({ image: { width, height }, stage: size, align }),
    [width, height, size, align],
  );
  const view = viewOf(frame, lens);
  const source = useExact(image, !isWhole(lens));
  const pointers = usePointers(frame, props);
  useWheel(box, frame, props);

  const laidOut = size.width > 0;
  useLayoutEffect(() => {
    if (laidOut) onFrame?.(frame);
  }, [frame, laidOut, onFrame]);

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
      style={{ cursor: !isWhole(lens) && cursor === "default" ? "grab" : cursor }}
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
              ...(showsPixels(view, lens, devicePixelRatio) ? { imageRendering: "pixelated" } : {}),
            }}
          />
          {overlay?.(view)}
        </>
      )}
      {children}
    </div>
  );
}

/** `shown`: what is shown there, with which its size may change. */
function useSize(shown: string): [Ref<HTMLDivElement> & { current: HTMLDivElement | null }, Size] {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const measure = useCallback(() => {
    if (!box.current) return;
    const { clientWidth: width, clientHeight: height } = box.current;
    setSize((was) => (was.width === width && was.height === height ? was : { width, height }));
  }, []);
  useLayoutEffect(measure, [measure, shown]);
  useLayoutEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [measure]);
  return [box, size];
}
