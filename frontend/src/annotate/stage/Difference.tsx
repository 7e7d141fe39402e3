import { useEffect, useRef } from "react";

import { differenceOf } from "@/image/difference";
import { showsPixels, type Size, type View } from "@/image/geometry";
import type { StageImage } from "@/image/ImageStage";

import { lensAt, type Look } from "./look";
import styles from "./Difference.module.css";

export interface Measured {
  readonly largest: number;
  readonly mean: number;
}

interface Props {
  view: View;
  place: number;
  image: StageImage;
  against: StageImage;
  look: Look;
  onMeasured: (measured: Measured) => void;
}

/** What two images differ in, over the first of them; the second is brought to the first one's size. */
export function Difference({ view, place, image, against, look, onMeasured }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = view.frame.image;
  const [one, other] = [image.exactUrl ?? image.url, against.exactUrl ?? against.url];
  const { gain, luminance } = look;
  const pixelated = showsPixels(view, lensAt(look, place), window.devicePixelRatio);
  useEffect(() => {
    let mounted = true;
    const size = { width, height };
    void Promise.all([pixelsOf(one, size), pixelsOf(other, size)]).then(([a, b]) => {
      const context = mounted ? canvas.current?.getContext("2d") : null;
      if (!context || !a || !b) return;
      const { pixels, largest, mean } = differenceOf(a, b, { gain, luminance });
      context.putImageData(new ImageData(pixels, width, height), 0, 0);
      onMeasured({ largest, mean });
    });
    return () => {
      mounted = false;
    };
  }, [one, other, width, height, gain, luminance, onMeasured]);
  return (
    <canvas
      ref={canvas}
      className={styles.difference}
      width={width}
      height={height}
      style={{
        left: view.left,
        top: view.top,
        width: width * view.scale,
        height: height * view.scale,
        ...(pixelated ? { imageRendering: "pixelated" } : {}),
      }}
    />
  );
}

async function pixelsOf(url: string, { width, height }: Size): Promise<Uint8ClampedArray | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    // Forgotten meanwhile: the item is gone.
    return null;
  }
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context?.drawImage(image, 0, 0, width, height);
  return context?.getImageData(0, 0, width, height).data ?? null;
}
