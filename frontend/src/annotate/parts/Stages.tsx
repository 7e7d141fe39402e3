import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { choiceOf, marksOf, tiersOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { lookOf } from "@/annotate/questions/Marks";
import type { Images } from "@/annotate/queue";
import { activeMarks, focusedStep, type MarkRef } from "@/annotate/state";
import type { Letter } from "@/api/types";
import {
  type Frame,
  imagePoint,
  isOnImage,
  type Lens,
  pixelLens,
  type ScreenPoint,
  toScreen,
  type View,
  WHOLE,
} from "@/image/geometry";
import { ImageStage, type Tap } from "@/image/ImageStage";
import { type DrawnMark, MarksOverlay } from "@/image/MarksOverlay";

import { DeskButton } from "./DeskButton";
import styles from "./parts.module.css";

/** Where the pointer is, for looking at the pixels under it. */
interface Hover {
  readonly frame: Frame;
  readonly at: ScreenPoint;
}

const FLICKER_MS = 450;
/** As near as this to a mark, a press means the mark. */
const REACH_PX = 12;

/** The item's images, in the order drawn by the server, all under one lens. */
export function Stages({ images, onRetry }: { images: Images | null; onRetry: () => void }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const { order } = open.assignment.shown;
  const { id } = open.assignment;
  const [lens, setLens] = useLens(id);
  const [hover, setHover] = useState<Hover | null>(null);
  const [painted, setPainted] = useState<ReadonlySet<string>>(new Set());
  const shownFirst = useFlicker(session.flickering);

  const looking =
    session.peeking && hover ? pixelLens(hover.frame, hover.at, window.devicePixelRatio) : lens;
  const ready = order.every((letter) => {
    const image = images?.[letter];
    return image && painted.has(image.url);
  });

  useEffect(() => {
    if (ready && !open.armed) dispatch({ type: "armed", id });
  }, [ready, open.armed, dispatch, id]);

  const onLens = useCallback(
    (next: Lens) => {
      setLens(next);
      if (next.magnification > 1) dispatch({ type: "zoomed" });
    },
    [setLens, dispatch],
  );
  const onPainted = useCallback(
    (url: string) => setPainted((before) => new Set([...before, url])),
    [],
  );

  if (!images) {
    return (
      <div className={styles.loadingImages} role="status">
        {t("loading_images")}
      </div>
    );
  }
  return (
    <div
      className={styles.stages}
      data-count={order.length}
      data-flicker={session.flickering || undefined}
    >
      {order.map((letter, place) => {
        const hidden = session.flickering && order.length === 2 && (place === 0) !== shownFirst;
        return (
          <figure key={letter} className={styles.figure} data-hidden={hidden || undefined}>
            {images[letter] ? (
              <Stage
                letter={letter}
                place={place}
                image={images[letter]}
                lens={looking}
                onLens={onLens}
                onHover={(frame, at) => setHover(at ? { frame, at } : null)}
                onPainted={onPainted}
              />
            ) : (
              <div className={styles.missing} role="alert">
                <p>{t("image_missing")}</p>
                <p>{t("image_missing_hint")}</p>
                <DeskButton onClick={onRetry}>↻</DeskButton>
              </div>
            )}
            {order.length > 1 && (
              <figcaption className={styles.badge} data-big={session.flickering || undefined}>
                <PlaceName place={place} />
              </figcaption>
            )}
          </figure>
        );
      })}
      {lens.magnification > 1 && (
        <button type="button" className={styles.resetZoom} onClick={() => setLens(WHOLE)}>
          {t("reset_zoom")}
        </button>
      )}
    </div>
  );
}

/** A lens that begins anew with each item. */
function useLens(item: string): [Lens, (lens: Lens) => void] {
  const [state, setState] = useState({ item, lens: WHOLE });
  const set = useCallback((lens: Lens) => setState({ item, lens }), [item]);
  return [state.item === item ? state.lens : WHOLE, set];
}

/** Which of two images is seen, while the flicker key is held. */
function useFlicker(on: boolean): boolean {
  const [first, setFirst] = useState(true);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setFirst((before) => !before), FLICKER_MS);
    return () => clearInterval(timer);
  }, [on]);
  return first;
}

function PlaceName({ place }: { place: number }) {
  const { t } = useTranslation("annotate");
  const { session, open } = useItemView();
  const { order } = open.assignment.shown;
  if (order.length === 2) return <>{place === 0 ? t("left") : t("right")}</>;
  const ranking = session.questions.find(({ type }) => type === "ranking");
  const letter = order[place];
  const tier =
    ranking && letter !== undefined
      ? tiersOf(open.answers, ranking.id).findIndex((one) => one.includes(letter))
      : -1;
  return (
    <>
      {place + 1}
      {tier !== -1 && <span className={styles.tier}>{t("ranking.place", { place: tier + 1 })}</span>}
    </>
  );
}

interface StageProps {
  letter: Letter;
  place: number;
  image: { url: string; width: number; height: number };
  lens: Lens;
  onLens: (lens: Lens) => void;
  onHover: (frame: Frame, at: ScreenPoint | null) => void;
  onPainted: (url: string) => void;
}

function Stage({ letter, place, image, lens, onLens, onHover, onPainted }: StageProps) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const { order } = open.assignment.shown;
  const here = focusedStep(session);
  const asked = here?.question.type;
  const marks = marksAt(useItemView(), letter);
  const marking = asked === "marks" || (marks.length > 0 && activeMarks(session) !== null);
  const taps = marking || asked === "pick" || asked === "ranking";
  const { url } = image;
  const paintedThis = useCallback(() => onPainted(url), [onPainted, url]);

  const label =
    order.length === 1
      ? t("image_only")
      : order.length === 2
        ? t(place === 0 ? "image_left" : "image_right")
        : t("image", { place: place + 1 });

  const onTap = ({ at, screen, secondary }: Tap, view: View) => {
    if (marking) {
      const near = nearest(marks, screen, view);
      if (near) dispatch(secondary ? { type: "mark_drop", mark: near } : { type: "mark_select", mark: near });
      else if (!secondary && isOnImage(at)) dispatch({ type: "mark", letter, at });
      return;
    }
    if (secondary) return;
    if (asked === "pick") dispatch({ type: "pick", place });
    if (asked === "ranking") dispatch({ type: "rank", place });
  };

  const picked = here?.question.type === "pick" && choiceOf(open.answers, here.question.id) === letter;
  const about = here?.letter === letter && order.length > 1;
  const crosshair = open.crosshair?.letter === letter ? open.crosshair.at : null;
  const active = activeMarks(session);
  const classes = [styles.stageBox, (picked || about) && styles.stagePicked];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <ImageStage
        image={image}
        label={label}
        lens={lens}
        onLens={onLens}
        onHover={onHover}
        onPainted={paintedThis}
        cursor={marking ? "crosshair" : taps ? "pointer" : "default"}
        {...(taps ? { onTap } : {})}
        onGrab={(at, view) => {
          const mark = marking ? nearest(marks, at, view) : null;
          return mark && ((to, first) => dispatch({ type: "mark_move", mark, to, first }));
        }}
        overlay={(view) => (
          <MarksOverlay
            view={view}
            marks={marks}
            crosshair={crosshair}
            crosshairLook={active ? lookOf(session.questions, active.id) : "first"}
          />
        )}
      />
    </div>
  );
}

type PlacedMark = DrawnMark & { readonly ref: MarkRef };

function marksAt({ session, open }: ReturnType<typeof useItemView>, letter: Letter): PlacedMark[] {
  const active = activeMarks(session)?.id;
  const { selected } = open;
  return session.questions
    .filter(({ type }) => type === "marks")
    .flatMap(({ id }) =>
      (marksOf(open.answers, id)[letter] ?? []).map((at, index) => ({
        key: `${id}-${index}`,
        ref: { question: id, letter, index },
        at,
        look: lookOf(session.questions, id),
        dim: id !== active,
        selected:
          selected?.question === id && selected.letter === letter && selected.index === index,
      })),
    );
}

function nearest(marks: readonly PlacedMark[], at: ScreenPoint, view: View): MarkRef | null {
  let best: MarkRef | null = null;
  let bestDistance = REACH_PX;
  for (const mark of marks) {
    const { x, y } = toScreen(view, imagePoint(mark.at.x, mark.at.y));
    const distance = Math.hypot(x - at.x, y - at.y);
    if (distance <= bestDistance) {
      best = mark.ref;
      bestDistance = distance;
    }
  }
  return best;
}

