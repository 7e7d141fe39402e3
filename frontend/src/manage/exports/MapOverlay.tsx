import { useEffect, useRef } from "react";

import { heated } from "./heat";
import styles from "./MapOverlay.module.css";

/** A map or mask in colour over its image: nothing where it is black. */
export function MapOverlay({ url, label }: { url: string; label: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const image = new Image();
    let shown = true;
    image.src = url;
    image.decode().then(
      () => {
        if (shown && ref.current) draw(ref.current, image);
      },
      () => undefined, // The image stays without its map.
    );
    return () => {
      shown = false;
    };
  }, [url]);
  return <canvas ref={ref} role="img" aria-label={label} className={styles.map} />;
}

function draw(canvas: HTMLCanvasElement, image: HTMLImageElement): void {
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  heated(pixels.data);
  context.putImageData(pixels, 0, 0);
}
