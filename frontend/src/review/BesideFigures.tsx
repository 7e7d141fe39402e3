import type { Frame, Lens, ScreenPoint } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";
import { type Beside, useBesideNames } from "@/questions/beside";

import styles from "./ItemImages.module.css";

interface Props {
  beside: readonly Beside[];
  lens: Lens;
  onLens: (lens: Lens) => void;
  onHover: (frame: Frame, at: ScreenPoint | null) => void;
}

/** What the item's images are held against, under the same lens. */
export function BesideFigures({ beside, ...look }: Props) {
  const names = useBesideNames(beside);
  return beside.map((image, place) => (
    <figure key={image.id} className={styles.figure}>
      <div className={styles.stage}>
        <ImageStage image={image} label={names[place] ?? ""} {...look} />
      </div>
      <figcaption className={styles.caption}>{names[place]}</figcaption>
    </figure>
  ));
}
