import { useCallback } from "react";

import { useItemView } from "@/annotate/context";
import type { Frame, Lens } from "@/image/geometry";
import { ImageStage, type StageImage } from "@/image/ImageStage";

import { Difference, type Measured } from "./Difference";
import { lensAt, type Look } from "./look";
import styles from "./Stage.module.css";

interface Props {
  name: string;
  place: number;
  image: StageImage;
  look: Look;
  align: number;
  against: StageImage | null;
  onMeasured: (measured: Measured) => void;
  onLens: (place: number, lens: Lens) => void;
  onPainted: (url: string) => void;
}

/** An image that is shown beside: looked at like the others, and no press on it answers anything. */
export function BesideStage(props: Props) {
  const { name, place, image, look, align, against, onMeasured, onLens, onPainted } = props;
  const { looking } = useItemView();
  const { url } = image;
  const painted = useCallback(() => onPainted(url), [onPainted, url]);
  const onFrame = useCallback((frame: Frame) => looking.laidOut(place, frame), [looking, place]);
  return (
    <div className={styles.box}>
      <ImageStage
        image={image}
        label={name}
        lens={lensAt(look, place)}
        align={align}
        onFrame={onFrame}
        onLens={(next) => onLens(place, next)}
        onHover={(_, at) => looking.hover(place, at)}
        onPainted={painted}
        overlay={(view) =>
          against && <Difference {...{ view, place, image, against, look, onMeasured }} />
        }
      />
    </div>
  );
}
