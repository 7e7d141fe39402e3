import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import type { Letter } from "@/questions/kind";
import { kindsOf } from "@/questions/registry";
import { keepFocus } from "@/ui/desk/Button";

import { type Look, soleOf } from "./look";
import styles from "./PlaceName.module.css";

interface Props {
  place: number;
  letter: Letter;
  look: Look;
}

/** What an image is called: left or right of two, else its number, which chooses it to compare. */
export function PlaceName({ place, letter, look }: Props) {
  const { t } = useTranslation("annotate");
  const { open, dispatch } = useItemView();
  const isPair = open.assignment.shown.order.length === 2;
  const atEnd = isPair && place === 1 && soleOf(look) === null;
  return (
    <figcaption className={styles.name} data-end={atEnd || undefined}>
      {isPair ? (
        t(place === 0 ? "left" : "right")
      ) : (
        <button
          type="button"
          className={styles.choose}
          title={t("commands.compare", { value: place + 1 })}
          aria-pressed={look.pair.includes(place)}
          onPointerDown={keepFocus}
          onClick={() => dispatch({ type: "look", action: { type: "choose", place } })}
        >
          {place + 1}
        </button>
      )}
      {kindsOf(open.questions).map(
        ({ kind, Badge }) => Badge && <Badge key={kind} item={open} letter={letter} />,
      )}
    </figcaption>
  );
}
