import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import type { Image } from "@/annotate/queue/imageCache";
import type { Frame, Lens, ScreenPoint } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";
import { MarksOverlay } from "@/image/MarksOverlay";
import type { Letter, OnImage, Press } from "@/questions/kind";
import { kindsOf } from "@/questions/registry";
import { focusedStep } from "@/questions/steps";

import styles from "./Stage.module.css";

interface Props {
  letter: Letter;
  place: number;
  image: Image;
  lens: Lens;
  onLens: (lens: Lens) => void;
  onHover: (frame: Frame, at: ScreenPoint | null) => void;
  onPainted: (url: string) => void;
}

/** One image, with what the questions draw on it; presses on it are theirs. */
export function Stage({ letter, place, image, lens, onLens, onHover, onPainted }: Props) {
  const { t } = useTranslation(["annotate", "questions"]);
  const { open, dispatch } = useItemView();
  const count = open.assignment.shown.order.length;
  const focus = focusedStep(open);
  const layers = kindsOf(open.questions).flatMap(
    ({ onImage }) => onImage?.(open, letter, focus?.question ?? null) ?? [],
  );
  const taker = takerOf(layers);
  const crosshair = layers.find((layer) => layer.crosshair)?.crosshair;
  const { url } = image;
  const painted = useCallback(() => onPainted(url), [onPainted, url]);

  const press = (pressed: Press | null | undefined) => {
    if (pressed) dispatch({ type: "act", ...pressed });
  };
  const label =
    count === 1
      ? t("image_only")
      : count === 2
        ? t(place === 0 ? "image_left" : "image_right")
        : t("questions:kinds.image", { place: place + 1 });
  const outlined =
    layers.some((layer) => layer.outlined) || (focus?.letter === letter && count > 1);
  return (
    <div className={`${styles.box} ${outlined ? styles.outlined : ""}`}>
      <ImageStage
        image={image}
        label={label}
        lens={lens}
        onLens={onLens}
        onHover={onHover}
        onPainted={painted}
        cursor={taker?.pointer ?? "default"}
        {...(taker ? { onTap: (tap, view) => press(taker.tap?.(tap, view)) } : {})}
        onGrab={(at, view) => {
          const drag = taker?.grab?.(at, view);
          return drag ? (to, first) => press(drag(to, first)) : null;
        }}
        overlay={(view) => (
          <MarksOverlay
            view={view}
            marks={layers.flatMap(({ marks }) => marks ?? [])}
            crosshair={crosshair?.at ?? null}
            crosshairLook={crosshair?.look ?? "first"}
          />
        )}
      />
    </div>
  );
}

/** Whose the presses are: what is drawn on the image lies above the image itself. */
function takerOf(layers: readonly OnImage[]): OnImage | undefined {
  const takers = layers.filter(({ tap }) => tap);
  return takers.find(({ marks }) => marks && marks.length > 0) ?? takers[0];
}
