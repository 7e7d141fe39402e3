import { useTranslation } from "@/i18n/useTranslation";

import type { Frame, Lens, ScreenPoint } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";
import { LetterBadge } from "@/questions/Cell";
import type { Question } from "@/questions/kind";
import { ImageGrid } from "@/ui/desk/ImageGrid";

import { choosers } from "@/questions/layers/answers";
import { BesideFigures } from "./BesideFigures";
import styles from "./ItemImages.module.css";
import type { LayerView } from "@/questions/layers/layers";
import { MarkLayers } from "@/questions/layers/MarkLayers";
import { colourOf } from "@/questions/layers/palette";
import type { Review } from "./queries";

type ItemImage = Review["item"]["images"][number];

interface Props {
  review: Review;
  questions: readonly Question[];
  chosen: number;
  layers: LayerView;
  lens: Lens;
  onLens: (lens: Lens) => void;
  onHover: (frame: Frame, at: ScreenPoint | null) => void;
  /** The two images change places, to see what differs. */
  exchanged: boolean;
}

/** The item's images in the order of their letters, all under one lens. */
export function ItemImages(props: Props) {
  const { review, exchanged, lens, onLens, onHover } = props;
  const { images, beside } = review.item;
  const places = exchanged && images.length === 2 ? [...images].reverse() : images;
  return (
    <ImageGrid count={beside.length + images.length}>
      <BesideFigures {...{ beside, lens, onLens, onHover }} />
      {images.map((image, index) => (
        <OneImage key={image.id} {...props} image={places[index] ?? image} />
      ))}
    </ImageGrid>
  );
}

function OneImage({ image, ...props }: Props & { image: ItemImage }) {
  const { t } = useTranslation("review");
  const { review, questions, chosen, layers, lens, onLens, onHover } = props;
  const alone = review.item.images.length === 1;
  const label = alone ? t("image_only") : t("image", { letter: image.letter });
  return (
    <figure className={styles.figure}>
      <div className={styles.stage}>
        <ImageStage
          image={image}
          label={`${label}: ${review.item.prompt}`}
          lens={lens}
          onLens={onLens}
          onHover={onHover}
          overlay={(view) => (
            <MarkLayers
              view={view}
              letter={image.letter}
              questions={questions}
              annotations={review.annotations}
              chosen={chosen}
              layers={layers}
            />
          )}
        />
      </div>
      {!alone && (
        <figcaption className={styles.caption}>
          <LetterBadge>{image.letter}</LetterBadge>
          {choosers(questions, image.letter, review.annotations).map((place) => (
            <span key={place} className={styles.chooser} style={{ background: colourOf(place) }}>
              {review.annotations[place]?.annotator}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}
