import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

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

/** What an image that is shown beside is called; a press chooses it to compare. */
export function BesideName({ name, place, look }: { name: string; place: number; look: Look }) {
  return (
    <figcaption className={styles.name} data-beside>
      <Choose place={place} look={look}>
        {name}
      </Choose>
    </figcaption>
  );
}

/** What an image is called: left or right of two, else its number, which chooses it to compare. */
export function PlaceName({ place, letter, look }: Props) {
  const { t } = useTranslation("annotate");
  const { open } = useItemView();
  const isPair = open.assignment.shown.order.length === 2;
  const atEnd = isPair && place === 1 && soleOf(look) === null;
  return (
    <figcaption className={styles.name} data-end={atEnd || undefined}>
      {isPair ? (
        t(place === 0 ? "left" : "right")
      ) : (
        <Choose place={place} look={look}>
          {place + 1}
        </Choose>
      )}
      {kindsOf(open.questions).map(
        ({ kind, Badge }) => Badge && <Badge key={kind} item={open} letter={letter} />,
      )}
    </figcaption>
  );
}

function Choose({ place, look, children }: { place: number; look: Look; children: ReactNode }) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useItemView();
  return (
    <button
      type="button"
      className={styles.choose}
      title={t("commands.compare", { value: place + 1 })}
      aria-pressed={look.pair.includes(place)}
      onPointerDown={keepFocus}
      onClick={() => dispatch({ type: "look", action: { type: "choose", place } })}
    >
      {children}
    </button>
  );
}
