import { type PointerEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import {
  type AskedItem,
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  type Letter,
  notAllEqual,
  type RowProps,
} from "./kind";
import { Hint, Options } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import styles from "./Ranking.module.css";
import { placed, ranked, type Target, tierOf, type Tiers, withImplied, without, withRest } from "./ranks";
import { useImageName } from "./useImageName";

interface Answer {
  readonly tiers: Tiers;
}

type Action =
  /** A number: the image to rank next or to take up; with one taken up, the place where it goes. */
  | { readonly type: "number"; readonly value: number }
  /** The image itself, pressed. */
  | { readonly type: "rank"; readonly place: number }
  | { readonly type: "insert"; readonly letter: Letter; readonly target: Target }
  | { readonly type: "take_off" }
  /** The next image is level with the last one; one taken up, with the place that is named next. */
  | { readonly type: "tie_next" }
  /** All that are left share the last place. */
  | { readonly type: "rest_level" };

interface Moving {
  readonly tying: boolean;
  /** The image taken up to be put elsewhere. */
  readonly moving: Letter | null;
}

const FREE: Moving = { tying: false, moving: null };

function step(here: Here<Answer, Moving>, action: Action): Change<Answer, Moving> | null {
  const { order } = here.item.assignment.shown;
  const tiers = here.answer?.tiers ?? [];
  const cursor = here.cursor ?? FREE;
  switch (action.type) {
    case "tie_next":
      return { cursor: { ...cursor, tying: !cursor.tying } };
    case "number":
      return cursor.moving === null
        ? pressed(tiers, order, order[action.value - 1], cursor)
        : put(tiers, cursor.moving, { at: action.value - 1, level: cursor.tying });
    case "rank": {
      const letter = order[action.place];
      if (cursor.moving === null || letter === undefined) return pressed(tiers, order, letter, cursor);
      if (letter === cursor.moving) return takenOff(tiers, letter);
      const at = tierOf(without(tiers, cursor.moving), letter);
      return at === -1
        ? pressed(tiers, order, letter, { ...cursor, moving: null })
        : put(tiers, cursor.moving, { at, level: cursor.tying });
    }
    case "insert":
      return put(tiers, action.letter, action.target);
    case "take_off":
      return cursor.moving === null ? null : takenOff(tiers, cursor.moving);
    case "rest_level": {
      const all = withRest(tiers, order);
      return all === tiers ? null : { answer: { tiers: all }, cursor: FREE, completes: true };
    }
  }
}

/** Ranks the image next; one that is ranked is taken up. */
function pressed(
  tiers: Tiers,
  order: readonly Letter[],
  letter: Letter | undefined,
  { tying }: Moving,
): Change<Answer, Moving> | null {
  if (letter === undefined) return null;
  if (tierOf(tiers, letter) !== -1) return { cursor: { tying: false, moving: letter } };
  const next = withImplied(ranked(tiers, letter, tying && tiers.length > 0), order);
  const completes = next.flat().length === order.length;
  return { answer: { tiers: next }, cursor: FREE, completes };
}

function put(tiers: Tiers, letter: Letter, target: Target): Change<Answer, Moving> {
  return { answer: { tiers: placed(tiers, letter, target) }, cursor: FREE };
}

function takenOff(tiers: Tiers, letter: Letter): Change<Answer, Moving> {
  const rest = without(tiers, letter);
  return { answer: rest.length > 0 ? { tiers: rest } : null, cursor: FREE };
}

function commands({ item, answer, cursor }: Here<Answer, Moving>): readonly KindCommand<Action>[] {
  const moving = cursor?.moving ?? null;
  const ranks = item.assignment.shown.order.map(
    (_, place): KindCommand<Action> => ({
      name: moving === null ? "rank" : "place",
      group: "answer",
      keys: digit(place + 1),
      event: { type: "number", value: place + 1 },
      value: place + 1,
    }),
  );
  const tieNext: KindCommand<Action> = {
    name: "tie_next",
    group: "answer",
    keys: keys("Equal", "NumpadEqual"),
    event: { type: "tie_next" },
  };
  const restLevel: KindCommand<Action> = {
    name: "rest_level",
    group: "answer",
    keys: keys("KeyR"),
    event: { type: "rest_level" },
  };
  const takeOff: KindCommand<Action> = {
    name: "take_off",
    group: "answer",
    keys: keys("Delete"),
    event: { type: "take_off" },
  };
  return [
    ...ranks,
    ...(answer ? [tieNext] : []),
    ...(isFull(item, answer) ? [] : [restLevel]),
    ...(moving === null ? [] : [takeOff]),
  ];
}

function isFull({ assignment }: AskedItem, answer: Answer | null): boolean {
  return answer?.tiers.flat().length === assignment.item.images.length;
}

/** The place of each image, best first; pressing the images in order ranks them. */
function Row(props: RowProps<Answer, Action, Moving>) {
  const { t } = useTranslation("questions");
  const { item, answer, cursor, focused, act } = props;
  const { order } = item.assignment.shown;
  const nameOf = useImageName(order.length);
  const tiers = answer?.tiers ?? [];
  const moving = cursor?.moving ?? null;
  const summary = tiers
    .map((tier) => tier.map((letter) => order.indexOf(letter) + 1).join(" = "))
    .join("  >  ");
  return (
    <QuestionFrame {...props} summary={summary}>
      {focused && (
        <Hint>
          {moving === null
            ? t("kinds.ranking.hint")
            : t("kinds.ranking.moving", { image: nameOf(order.indexOf(moving)) })}
        </Hint>
      )}
      {focused && <Places {...props} />}
      <Options>
        {order.map((letter, place) => {
          const tier = tierOf(tiers, letter);
          const now = focused && tier !== -1 ? t("kinds.ranking.place", { place: tier + 1 }) : "";
          return (
            <Button
              key={letter}
              {...(focused
                ? { command: moving === null ? "rank" : "place", value: place + 1 }
                : {})}
              chosen={tier !== -1}
              disabled={!item.armed}
              aria-label={[t("commands.rank", { value: place + 1 }), now].filter(Boolean).join(": ")}
              onClick={() => act({ type: "rank", place })}
            >
              {focused ? now || "–" : place + 1}
            </Button>
          );
        })}
        {/* Always there while the question is asked, so that nothing moves under the eye. */}
        {focused && (
          <>
            <Button
              command="tie_next"
              look="quiet"
              chosen={cursor?.tying ?? false}
              disabled={tiers.length === 0}
              onClick={() => act({ type: "tie_next" })}
            >
              {t("kinds.ranking.tie_next")}
            </Button>
            <Button
              command="rest_level"
              look="quiet"
              disabled={!item.armed || isFull(item, answer)}
              onClick={() => act({ type: "rest_level" })}
            >
              {t("kinds.ranking.rest_level")}
            </Button>
          </>
        )}
      </Options>
    </QuestionFrame>
  );
}

/** The ranking as a row of places; an image is dragged onto another place or between two. */
function Places({ item, answer, act }: RowProps<Answer, Action, Moving>) {
  const { t } = useTranslation("questions");
  const [dragged, setDragged] = useState<Letter | null>(null);
  const { order } = item.assignment.shown;
  const tiers = answer?.tiers ?? [];
  const drop = (event: PointerEvent, letter: Letter) => {
    setDragged(null);
    const target = targetAt(event.clientX, event.clientY, tiers, letter);
    if (target) act({ type: "insert", letter, target });
  };
  return (
    <ol className={styles.places} aria-label={t("kinds.ranking.places")} data-dragging={dragged !== null}>
      {tiers.map((tier, index) => (
        <li key={tier.join("")} className={styles.tier} data-tier={index}>
          {tier.map((letter) => (
            <span
              key={letter}
              className={styles.chip}
              data-dragged={dragged === letter}
              onPointerDown={(event) => {
                if (!item.armed) return;
                event.preventDefault();
                event.currentTarget.setPointerCapture(event.pointerId);
                setDragged(letter);
              }}
              onPointerUp={(event) => drop(event, letter)}
              onPointerCancel={() => setDragged(null)}
            >
              {order.indexOf(letter) + 1}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

/** How much of a place's width, at either end, means "between this one and its neighbour". */
const EDGE = 0.3;

/** Where an image is let go: on a place it is level with it, at its edge it goes between. */
function targetAt(x: number, y: number, tiers: Tiers, letter: Letter): Target | null {
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-tier]");
  if (!place) return null;
  const index = Number(place.dataset.tier);
  const { left, width } = place.getBoundingClientRect();
  const along = (x - left) / width;
  const alone = tiers[index]?.length === 1 && tiers[index].includes(letter);
  if (alone) return null;
  // The image's own place closes behind it.
  const from = tierOf(tiers, letter);
  const gone = tiers[from]?.length === 1 && from < index ? 1 : 0;
  if (along < EDGE) return { at: index - gone, level: false };
  if (along > 1 - EDGE) return { at: index + 1 - gone, level: false };
  return { at: index - gone, level: true };
}

/** The image's place in the first ranking of the item. */
function Badge({ item, letter }: { item: AskedItem; letter: Letter }) {
  const { t } = useTranslation("questions");
  const question = item.questions.find(({ type }) => type === "ranking");
  const answer = question && (item.answers[question.id] as Answer | undefined);
  const tier = answer?.tiers.findIndex((one) => one.includes(letter)) ?? -1;
  if (tier === -1) return null;
  return <span className={styles.badge}>{t("kinds.ranking.place", { place: tier + 1 })}</span>;
}

function Cell({ value }: CellProps<Tiers>) {
  return <b className={styles.cell}>{value.map((tier) => tier.join("=")).join(" › ")}</b>;
}

/** All images from the best to the worst, ties allowed. */
export const ranking: KindOf<Answer, Action, Moving> = {
  kind: "ranking",
  onePress: true,
  isDone: ({ item, answer }) => isFull(item, answer),
  step,
  letGo: (cursor) => (cursor.tying || cursor.moving !== null ? FREE : cursor),
  commands,
  Row,
  Badge,
  onImage: ({ assignment }, letter, focused) => {
    if (focused?.type !== "ranking") return {};
    const place = assignment.shown.order.indexOf(letter);
    return {
      pointer: "pointer",
      tap: ({ secondary }) =>
        secondary ? null : { question: focused.id, action: { type: "rank", place } },
    };
  },
  cell: {
    // The order inside a tie says nothing.
    value: ({ tiers }) => tiers.map((tier) => [...tier].sort()),
    differs: notAllEqual,
    Cell,
  },
};
