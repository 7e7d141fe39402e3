import { useCallback, useEffect } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import { imagePoint, type Frame, type Lens } from "@/image/geometry";
import { ImageStage, type StageImage } from "@/image/ImageStage";
import { MarksOverlay } from "@/image/MarksOverlay";
import type { Letter, OnImage, Press } from "@/questions/kind";
import { kindsOf } from "@/questions/registry";
import { focusedStep, takerOf } from "@/questions/steps";
import { useImageName } from "@/questions/useImageName";

import { Difference, type Measured } from "./Difference";
import { lensAt, type Look } from "./look";
import styles from "./Stage.module.css";

interface Props {
  letter: Letter;
  place: number;
  image: StageImage;
  look: Look;
  align: number;
  /** The image whose difference from this one is seen in its stead. */
  against: StageImage | null;
  onMeasured: (measured: Measured) => void;
  onLens: (place: number, lens: Lens) => void;
  onPainted: (url: string) => void;
}

/** One image, with what the questions draw on it; presses on it are theirs. */
export function Stage(props: Props) {
  const { letter, place, image, look, align, against, onMeasured, onLens, onPainted } = props;
  const { open, dispatch, looking } = useItemView();
  const { count, label } = useLabel(place);
  const focus = focusedStep(open);
  const layers = kindsOf(open.questions).flatMap(
    ({ onImage }) => onImage?.(open, letter, focus?.question ?? null) ?? [],
  );
  const taker = takerOf(layers);
  const { url } = image;
  const painted = useCallback(() => onPainted(url), [onPainted, url]);
  const onFrame = useCallback((frame: Frame) => looking.laidOut(place, frame), [looking, place]);
  useKeysPlace(letter, layers);

  const press = (pressed: Press | null | undefined) => {
    if (pressed) dispatch({ type: "act", ...pressed });
  };
  const lens = lensAt(look, place);
  const outlined =
    layers.some((layer) => layer.outlined) || (focus?.letter === letter && count > 1);
  return (
    <div className={`${styles.box} ${outlined ? styles.outlined : ""}`}>
      <ImageStage
        image={image}
        label={label}
        lens={lens}
        align={align}
        onFrame={onFrame}
        onLens={(next) => onLens(place, next)}
        onHover={(_, at) => looking.hover(place, at)}
        onPainted={painted}
        cursor={taker?.pointer ?? "default"}
        {...(taker ? { onTap: (tap, view) => press(taker.tap?.(tap, view)) } : {})}
        onGrab={(at, view) => {
          const drag = taker?.grab?.(at, view);
          return drag ? (to, phase) => press(drag(to, phase)) : null;
        }}
        overlay={(view) =>
          against ? (
            <Difference
              {...{ view, place, image, against, look, onMeasured }}
            />
          ) : (
            <>
              {layers.map(({ layer }) => layer?.(view, press))}
              <MarksOverlay
                view={view}
                marks={layers.flatMap(({ marks }) => marks ?? [])}
                crosshair={layers.find((layer) => layer.crosshair)?.crosshair ?? null}
              />
            </>
          )
        }
      />
    </div>
  );
}

/** What an image is called, for people who don't see it. */
function useLabel(place: number): { count: number; label: string } {
  const { t } = useTranslation("annotate");
  const count = useItemView().open.assignment.shown.order.length;
  const nameOf = useImageName(count);
  return { count, label: count === 1 ? t("image_only") : nameOf(place) };
}

/** Tells where on the image the keys are: there they look closer, and it stays in sight. */
function useKeysPlace(letter: Letter, layers: readonly OnImage[]): void {
  const { looking } = useItemView();
  const { x = null, y = null } = layers.find(({ keys }) => keys)?.keys ?? {};
  useEffect(() => {
    if (x === null || y === null) return;
    looking.keysAt(letter, imagePoint(x, y));
    return () => looking.keysAt(null, null);
  }, [looking, letter, x, y]);
}
