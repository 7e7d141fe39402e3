import { type ReactNode, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { WHOLE } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";
import { useBesideNames } from "@/questions/beside";
import { LetterBadge } from "@/questions/Cell";
import type { Question } from "@/questions/kind";
import type { NamedAnswers } from "@/questions/layers/answers";
import type { LayerView } from "@/questions/layers/layers";
import { MarkLayers } from "@/questions/layers/MarkLayers";
import theme from "@/ui/desk/theme.module.css";

import styles from "./ItemImages.module.css";
import { metaWords } from "./meta";
import type { DetailedItem } from "./queries";

interface Props {
  item: DetailedItem;
  questions: readonly Question[];
  annotations: readonly NamedAnswers[];
  layers: LayerView;
  children: ReactNode;
}

/** The images by their letters, all under one lens, on the ground on which they are judged. */
export function ItemImages({ item, questions, annotations, layers, children }: Props) {
  const { t } = useTranslation("items");
  const [lens, setLens] = useState(WHOLE);
  const names = useBesideNames(item.beside);
  const alone = item.images.length === 1;
  return (
    <div className={`${theme.dark} ${styles.ground}`}>
      <div className={styles.images} data-count={item.beside.length + item.images.length}>
        {item.beside.map((image, place) => (
          <figure key={image.id} className={styles.figure}>
            <div className={styles.stage}>
              <ImageStage image={image} label={names[place] ?? ""} lens={lens} onLens={setLens} />
            </div>
            <figcaption className={styles.caption}>
              <span>{names[place]}</span>
              <span className={styles.size}>{`${image.width} × ${image.height}`}</span>
            </figcaption>
          </figure>
        ))}
        {item.images.map((image) => (
          <figure key={image.id} className={styles.figure}>
            <div className={styles.stage}>
              <ImageStage
                image={image}
                label={`${t("detail.image", { letter: image.letter })}: ${item.prompt}`}
                lens={lens}
                onLens={setLens}
                overlay={(view) => (
                  <MarkLayers
                    view={view}
                    letter={image.letter}
                    questions={questions}
                    annotations={annotations}
                    chosen={-1}
                    layers={layers}
                  />
                )}
              />
            </div>
            <figcaption className={styles.caption}>
              {!alone && <LetterBadge>{image.letter}</LetterBadge>}
              <span>{image.generator}</span>
              <span className={styles.size}>{`${image.width} × ${image.height}`}</span>
            </figcaption>
            {metaWords(image.meta).length > 0 && (
              <p className={styles.meta}>{metaWords(image.meta).join(" · ")}</p>
            )}
          </figure>
        ))}
      </div>
      {children}
    </div>
  );
}
