import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import type { Images } from "@/annotate/queue/imageCache";
import { type Lens, WHOLE } from "@/image/geometry";
import { useLens } from "@/image/useLens";
import { Button } from "@/ui/desk/Button";
import { Waiting } from "@/ui/desk/Empty";
import { ImageGrid } from "@/ui/desk/ImageGrid";

import { PlaceName } from "./PlaceName";
import { Stage } from "./Stage";
import styles from "./Stages.module.css";

const FLICKER_MS = 450;

/** The item's images, in the order drawn by the server, all under one lens. */
export function Stages({ images, onRetry }: { images: Images | null; onRetry: () => void }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const { order } = open.assignment.shown;
  const { lens, isWhole, setLens, onHover } = useLens(open.assignment.id, session);
  const onPainted = useArming(images);
  const shownFirst = useFlicker(session.flickering);

  const onLens = (next: Lens) => {
    setLens(next);
    if (next.magnification > 1) dispatch({ type: "zoomed" });
  };

  if (!images) return <Waiting>{t("loading_images")}</Waiting>;
  return (
    <ImageGrid count={order.length} stacked={session.flickering}>
      {order.map((letter, place) => {
        const image = images[letter];
        const hidden = session.flickering && order.length === 2 && (place === 0) !== shownFirst;
        return (
          <figure key={letter} className={styles.figure} data-hidden={hidden || undefined}>
            {image ? (
              <Stage
                letter={letter}
                place={place}
                image={image}
                lens={lens}
                onLens={onLens}
                onHover={onHover}
                onPainted={onPainted}
              />
            ) : (
              <div className={styles.missing} role="alert">
                <p>{t("image_missing")}</p>
                <p>{t("image_missing_hint")}</p>
                <Button onClick={onRetry}>↻</Button>
              </div>
            )}
            {order.length > 1 && <PlaceName place={place} letter={letter} />}
          </figure>
        );
      })}
      {!isWhole && (
        <button type="button" className={styles.resetZoom} onClick={() => setLens(WHOLE)}>
          {t("reset_zoom")}
        </button>
      )}
    </ImageGrid>
  );
}

/** Arms the item once all of its images are painted; what each image calls when it is. */
function useArming(images: Images | null): (url: string) => void {
  const { open, dispatch } = useItemView();
  const { id, shown } = open.assignment;
  const [painted, setPainted] = useState<ReadonlySet<string>>(new Set());
  const paintedAt = useRef(0);
  const ready = shown.order.every((letter) => {
    const image = images?.[letter];
    return image && painted.has(image.url);
  });
  useEffect(() => {
    if (ready && !open.armed) dispatch({ type: "armed", id, paintedAt: paintedAt.current });
  }, [ready, open.armed, dispatch, id]);
  return useCallback((url) => {
    paintedAt.current = Date.now();
    setPainted((before) => new Set([...before, url]));
  }, []);
}

/** Which of two images is seen, while the flicker key is held. */
function useFlicker(on: boolean): boolean {
  const [first, setFirst] = useState(true);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setFirst((before) => !before), FLICKER_MS);
    return () => clearInterval(timer);
  }, [on]);
  return first;
}
