import { useTranslation } from "react-i18next";

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

type Tiers = readonly (readonly Letter[])[];

/** Best first; images of one tier are level. */
interface Answer {
  readonly tiers: Tiers;
}

type Action =
  | { readonly type: "rank"; readonly place: number }
  /** The next image is level with the last one. */
  | { readonly type: "tie_next" };

/** Whether the next image ranked is level with the last one. */
type Tying = boolean;

/** Ranks an image next (or level with the last, when `tied`); one that is ranked comes off. */
function ranked(tiers: Tiers, letter: Letter, tied: boolean): Tiers {
  if (tiers.some((tier) => tier.includes(letter))) {
    return tiers
      .map((tier) => tier.filter((other) => other !== letter))
      .filter((tier) => tier.length > 0);
  }
  const last = tiers.at(-1);
  return tied && last ? [...tiers.slice(0, -1), [...last, letter]] : [...tiers, [letter]];
}

function step(
  { item, answer, cursor }: Here<Answer, Tying>,
  action: Action,
): Change<Answer, Tying> | null {
  if (action.type === "tie_next") return { cursor: !cursor };
  const letter = item.assignment.shown.order[action.place];
  if (letter === undefined) return null;
  const tiers = ranked(answer?.tiers ?? [], letter, cursor ?? false);
  return { answer: tiers.length > 0 ? { tiers } : null, cursor: false };
}

function commands({ item, answer }: Here<Answer, Tying>): readonly KindCommand<Action>[] {
  const ranks = item.assignment.shown.order.map(
    (_, place): KindCommand<Action> => ({
      name: "rank",
      group: "answer",
      keys: digit(place + 1),
      event: { type: "rank", place },
      value: place + 1,
    }),
  );
  if (!answer) return ranks;
  const tieNext: KindCommand<Action> = {
    name: "tie_next",
    group: "answer",
    keys: keys("Equal", "NumpadEqual"),
    event: { type: "tie_next" },
  };
  return [...ranks, tieNext];
}

/** The place of each image, best first; pressing the images in order ranks them. */
function Row(props: RowProps<Answer, Action, Tying>) {
  const { t } = useTranslation("questions");
  const { item, answer, cursor, focused, act } = props;
  const { order } = item.assignment.shown;
  const tiers = answer?.tiers ?? [];
  const summary = tiers
    .map((tier) => tier.map((letter) => order.indexOf(letter) + 1).join(" = "))
    .join("  >  ");
  return (
    <QuestionFrame {...props} summary={summary}>
      {focused && <Hint>{t("kinds.ranking.hint")}</Hint>}
      <Options>
        {order.map((letter, place) => {
          const tier = tiers.findIndex((one) => one.includes(letter));
          return (
            <Button
              key={letter}
              {...(focused ? { command: "rank", value: place + 1 } : {})}
              chosen={tier !== -1}
              disabled={!item.armed}
              aria-label={t("commands.rank", { value: place + 1 })}
              onClick={() => act({ type: "rank", place })}
            >
              {focused
                ? tier === -1
                  ? "–"
                  : t("kinds.ranking.place", { place: tier + 1 })
                : place + 1}
            </Button>
          );
        })}
        {focused && tiers.length > 0 && tiers.flat().length < order.length && (
          <Button
            command="tie_next"
            look="quiet"
            chosen={cursor ?? false}
            onClick={() => act({ type: "tie_next" })}
          >
            {t("kinds.ranking.tie_next")}
          </Button>
        )}
      </Options>
    </QuestionFrame>
  );
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
export const ranking: KindOf<Answer, Action, Tying> = {
  kind: "ranking",
  isDone: ({ item, answer }) =>
    answer?.tiers.flat().length === item.assignment.item.images.length,
  step,
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
