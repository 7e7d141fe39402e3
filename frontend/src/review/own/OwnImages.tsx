import { useTranslation } from "@/i18n/useTranslation";

import type { Frame, Lens, ScreenPoint } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";
import { MarksOverlay } from "@/image/MarksOverlay";
import { LetterBadge } from "@/questions/Cell";
import type { Press } from "@/questions/kind";
import { kindsOf } from "@/questions/registry";
import { focusedStep, takerOf } from "@/questions/steps";
import { ImageGrid } from "@/ui/desk/ImageGrid";

import { BesideFigures } from "@/review/BesideFigures";
import styles from "@/review/ItemImages.module.css";
import type { OwnEvent, OwnItem } from "./own";

interface Props {
  open: OwnItem;
  lens: Lens;
  onLens: (lens: Lens) => void;
  onHover: (frame: Frame, at: ScreenPoint | null) => void;
  dispatch: (event: OwnEvent) => void;
}

/** The item's images, to be answered: presses on them are the questions'. */
export function OwnImages(props: Props) {
  const { images, beside } = props.open.assignment.item;
  const { lens, onLens, onHover } = props;
  return (
    <ImageGrid count={beside.length + images.length}>
      <BesideFigures {...{ beside, lens, onLens, onHover }} />
      {images.map((image) => (
        <OneImage key={image.id} {...props} image={image} />
      ))}
    </ImageGrid>
  );
}

type ItemImage = OwnItem["assignment"]["item"]["images"][number];

function OneImage({ open, image, lens, onLens, onHover, dispatch }: Props & { image: ItemImage }) {
  const { t } = useTranslation("review");
  const { letter } = image;
  const focus = focusedStep(open)?.question ?? null;
  const layers = kindsOf(open.questions).flatMap(({ onImage }) => onImage?.(open, letter, focus) ?? []);
  const taker = takerOf(layers);
  const crosshair = layers.find((layer) => layer.crosshair)?.crosshair;
  const alone = open.assignment.item.images.length === 1;
  const press = (pressed: Press | null | undefined) => {
    if (pressed) dispatch({ type: "act", ...pressed });
  };
  return (
    <figure className={styles.figure}>
      <div className={styles.stage}>
        <ImageStage
          image={image}
          label={alone ? t("image_only") : t("image", { letter })}
          lens={lens}
          onLens={onLens}
          onHover={onHover}
          cursor={taker?.pointer ?? "default"}
          {...(taker
            ? {
                onTap: (tap, view) => press(taker.tap?.(tap, view)),
              }
            : {})}
          onGrab={(at, view) => {
            const drag = taker?.grab?.(at, view);
            return drag ? (to, phase) => press(drag(to, phase)) : null;
          }}
          overlay={(view) => (
            <>
              {layers.map(({ layer }) => layer?.(view, press))}
              <MarksOverlay
                view={view}
                marks={layers.flatMap(({ marks }) => marks ?? [])}
                crosshair={crosshair ?? null}
              />
            </>
          )}
        />
      </div>
      {!alone && (
        <figcaption className={styles.caption}>
          <LetterBadge>{letter}</LetterBadge>
        </figcaption>
      )}
    </figure>
  );
}
