import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import type { Letter } from "@/questions/kind";
import { kindsOf } from "@/questions/registry";

import styles from "./PlaceName.module.css";

/** What an image is called: left or right of two, else its number. */
export function PlaceName({ place, letter }: { place: number; letter: Letter }) {
  const { t } = useTranslation("annotate");
  const { open } = useItemView();
  const isPair = open.assignment.shown.order.length === 2;
  return (
    <figcaption className={styles.name} data-end={(isPair && place === 1) || undefined}>
      {isPair ? t(place === 0 ? "left" : "right") : place + 1}
      {!isPair &&
        kindsOf(open.questions).map(
          ({ kind, Badge }) => Badge && <Badge key={kind} item={open} letter={letter} />,
        )}
    </figcaption>
  );
}
