import { useTranslation } from "react-i18next";

import type { ItemImage, Question, Review } from "@/api/types";
import { type Frame, type Lens, pixelLens, type ScreenPoint } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";

import { choosers } from "./answers";
import { MarkLayers } from "./MarkLayers";
import { colourOf } from "./palette";
import styles from "./review.module.css";
import type { LayerView } from "./view";

export interface Hover {
  frame: Frame;
  at: ScreenPoint;
}

export function closerLook({ frame, at }: Hover): Lens {
  return pixelLens(frame, at, window.devicePixelRatio);
}

interface Props {
  review: Review;
  questions: readonly Question[];
  chosen: number;
  layers: LayerView;
  lens: Lens;
  onLens: (lens: Lens) => void;
  onHover: (hover: Hover | null) => void;
  /** The two images change places, to see what differs. */
  exchanged: boolean;
}

/** The item's images in the order of their letters, all under one lens. */
export function ItemImages(props: Props) {
  const { review, exchanged } = props;
  const { images } = review.item;
  const places = exchanged && images.length === 2 ? [...images].reverse() : images;
  return (
    <div className={styles.images} data-count={images.length}>
      {images.map((image, index) => (
        <OneImage key={image.id} {...props} image={places[index] ?? image} />
      ))}
    </div>
  );
}

function OneImage({ image, ...props }: Props & { image: ItemImage }) {
  const { t } = useTranslation("review");
  const { review, questions, chosen, layers, lens, onLens, onHover } = props;
  const alone = review.item.images.length === 1;
  const flaws = questions.filter((question) => question.type === "marks");
  const label = alone ? t("image_only") : t("image", { letter: image.letter });
  return (
    <figure className={styles.image}>
      <div className={styles.stage}>
        <ImageStage
          image={image}
          label={`${label}: ${review.item.prompt}`}
          lens={lens}
          onLens={onLens}
          onHover={(frame, at) => onHover(at && { frame, at })}
          overlay={(view) => (
            <MarkLayers
              view={view}
              letter={image.letter}
              flaws={flaws}
              annotations={review.annotations}
              chosen={chosen}
              layers={layers}
            />
          )}
        />
      </div>
      {!alone && (
        <figcaption className={styles.caption}>
          <span className={styles.letter}>{image.letter}</span>
          <Choosers {...props} letter={image.letter} />
        </figcaption>
      )}
    </figure>
  );
}

/** Who chose this image in the last question that chooses one: "overall", as a rule. */
function Choosers({ review, questions, letter }: Props & { letter: string }) {
  const choosing = questions.filter(({ type }) => type === "preference" || type === "pick").at(-1);
  if (!choosing) return null;
  return choosers(choosing.id, letter, review.annotations).map((place) => (
    <span key={place} className={styles.chooser} style={{ background: colourOf(place) }}>
      {review.annotations[place]?.annotator}
    </span>
  ));
}
