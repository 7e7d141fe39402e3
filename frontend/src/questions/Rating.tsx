import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import { Anchors, anchorAt } from "./Anchors";
import {
  type AskedItem,
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  type Letter,
  type Question,
  type RowProps,
} from "./kind";
import { Hint, OfImage } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import styles from "./Rating.module.css";
import { atTenth, carefulStep, fits, isLong, keysOf, scaleOf, slid, valuesOf } from "./scale";
import { Slider } from "./Slider";

interface Answer {
  /** Null: it does not apply to the image. */
  readonly ratings: Readonly<Record<Letter, number | null>>;
}

type Action =
  | { readonly type: "rate"; readonly value: number }
  | { readonly type: "not_applicable" }
  /** On a long scale, where a press is not yet the answer. */
  | { readonly type: "slide_to"; readonly value: number }
  | { readonly type: "slide"; readonly by: number };

type RatingHere = Here<Answer, never>;
type Props = RowProps<Answer, Action, never>;

/** In tables: what stands for a rating that is none. */
const NOT_APPLICABLE = "na";
type Value = number | typeof NOT_APPLICABLE;

/** Ratings this many careful steps apart differ; one step apart is what careful people do. */
const APART = 2;
/** More buttons than this do not go beside a title. */
const MOST_BESIDE = 7;
const FAR = 10;

function step(here: RatingHere, action: Action): Change<Answer, never> | null {
  const { question, answer, letter } = here;
  if (letter === null) return null;
  const scale = scaleOf(question);
  const rated = answer?.ratings[letter];
  const given = (value: number | null) => ({ ratings: { ...answer?.ratings, [letter]: value } });
  // One undo takes back all of a way along the scale.
  const sliding = (value: number) => ({ answer: given(value), continues: typeof rated === "number" });
  switch (action.type) {
    case "rate":
      return fits(scale, action.value) ? { answer: given(action.value), completes: true } : null;
    case "not_applicable":
      return question.na ? { answer: given(null), completes: true } : null;
    case "slide_to":
      return fits(scale, action.value) ? sliding(action.value) : null;
    case "slide":
      return sliding(slid(scale, rated, action.by));
  }
}

function commands({ question }: RatingHere): readonly KindCommand<Action>[] {
  const scale = scaleOf(question);
  const points = isLong(scale)
    ? sliding(question)
    : valuesOf(scale).map((value): KindCommand<Action> => ({
        name: "rate",
        group: "answer",
        keys: keysOf(scale, value),
        event: { type: "rate", value },
        value,
      }));
  const none: KindCommand<Action> = {
    name: "not_applicable",
    group: "answer",
    keys: keys("KeyN"),
    event: { type: "not_applicable" },
  };
  return question.na ? [...points, none] : points;
}

function sliding(question: Question): readonly KindCommand<Action>[] {
  const scale = scaleOf(question);
  const move = (
    name: "slide_down" | "slide_up" | "slide_far_down" | "slide_far_up",
    by: number,
    ...on: KindCommand<Action>["keys"][number][]
  ): KindCommand<Action> => ({
    name,
    group: "answer",
    keys: on,
    event: { type: "slide", by },
    repeats: true,
  });
  const end = (
    name: "slide_lowest" | "slide_highest",
    code: string,
    value: number,
  ): KindCommand<Action> => ({
    name,
    group: "answer",
    keys: keys(code),
    event: { type: "slide_to", value },
  });
  return [
    move("slide_down", -scale.step, { code: "ArrowLeft" }),
    move("slide_up", scale.step, { code: "ArrowRight" }),
    move("slide_far_down", -FAR, { code: "ArrowLeft", shift: true }, { code: "PageDown" }),
    move("slide_far_up", FAR, { code: "ArrowRight", shift: true }, { code: "PageUp" }),
    end("slide_lowest", "Home", scale.min),
    end("slide_highest", "End", scale.max),
    ...Array.from({ length: 10 }, (_, tenths): KindCommand<Action> => {
      const value = atTenth(scale, tenths);
      return {
        name: "slide_to",
        group: "answer",
        keys: digit(tenths),
        event: { type: "slide_to", value },
        value,
      };
    }),
  ];
}

/** A row of numbers for the item's one image, or for each of several. */
function Row(props: Props) {
  const { item, question, answer, focused, letter } = props;
  const { order } = item.assignment.shown;
  const { t } = useTranslation("questions");
  if (order.length === 1) {
    const scale = scaleOf(question);
    const beside =
      !isLong(scale) && !question.na && valuesOf(scale).length <= MOST_BESIDE && question.options.length === 0;
    return (
      <QuestionFrame inline={beside} {...props}>
        <Given {...props} letter={order[0] ?? ""} />
      </QuestionFrame>
    );
  }
  // Of several images, the scale of the one in focus; the others are in the heading.
  const short = (one: Letter) => shortOf(answer?.ratings[one], t("kinds.rating.na_short"));
  return (
    <QuestionFrame {...props} summary={order.map(short).join(" · ")}>
      {focused && letter !== null && (
        <OfImage place={order.indexOf(letter)} count={order.length}>
          <Given {...props} letter={letter} />
        </OfImage>
      )}
    </QuestionFrame>
  );
}

function shortOf(rating: number | null | undefined, notApplicable: string): string {
  if (rating === undefined) return "–";
  return rating === null ? notApplicable : `${rating}`;
}

function Given(props: Props & { letter: Letter }) {
  const { question, answer, letter, item, focused, text, act } = props;
  const { t } = useTranslation("questions");
  const scale = scaleOf(question);
  const long = isLong(scale);
  const rated = answer?.ratings[letter];
  return (
    <div className={styles.given}>
      {long ? (
        <Slider
          scale={scale}
          value={typeof rated === "number" ? rated : null}
          label={text.title(question)}
          words={(value) => anchorAt(question, text, value)}
          disabled={!item.armed}
          onSlide={(value) => act({ type: "slide_to", value }, letter)}
        />
      ) : (
        <Buttons {...props} />
      )}
      {question.na && (
        <Button
          {...(focused ? { command: "not_applicable" } : {})}
          look="quiet"
          chosen={rated === null}
          disabled={!item.armed}
          className={styles.na ?? ""}
          onClick={() => act({ type: "not_applicable" }, letter)}
        >
          {t("kinds.rating.na")}
        </Button>
      )}
      {focused && <Anchors question={question} text={text} chosen={rated ?? null} />}
      {focused && long && (
        <Hint>{t("kinds.rating.slider", { seven: atTenth(scale, 7) })}</Hint>
      )}
      {focused && !long && question.half_points && <Hint>{t("kinds.rating.halves")}</Hint>}
    </div>
  );
}

function Buttons({ item, question, answer, letter, text, act }: Props & { letter: Letter }) {
  const { t } = useTranslation("questions");
  const title = text.title(question);
  const values = valuesOf(scaleOf(question));
  const many = values.length > MOST_BESIDE;
  const alone = item.assignment.shown.order.length === 1 && !many;
  const classes = [styles.scale, many && styles.many, alone && styles.alone];
  return (
    <div className={classes.filter(Boolean).join(" ")} role="group" aria-label={title}>
      {values.map((value) => {
        const words = anchorAt(question, text, value);
        return (
          <Button
            key={value}
            chosen={answer?.ratings[letter] === value}
            disabled={!item.armed}
            title={words}
            data-half={value % 1 !== 0}
            aria-label={
              words === undefined
                ? t("kinds.rating.of", { question: title, value })
                : t("kinds.rating.of_words", { question: title, value, words })
            }
            onClick={() => act({ type: "rate", value }, letter)}
          >
            {value}
          </Button>
        );
      })}
    </div>
  );
}

/** On the image: what it is rated, question by question. */
function Badge({ item, letter }: { item: AskedItem; letter: Letter }) {
  const { t } = useTranslation("questions");
  const ratings = item.questions
    .filter(({ type }) => type === "rating")
    .map(({ id }) => (item.answers[id] as Answer | undefined)?.ratings[letter]);
  if (ratings.every((one) => one === undefined)) return null;
  const short = ratings.map((one) => shortOf(one, t("kinds.rating.na_short")));
  return <span className={styles.badge}>{short.join(" · ")}</span>;
}

/** Numbers two careful steps apart, or a number and "does not apply". */
function differs(values: readonly Value[], { scale }: Question): boolean {
  const numbers = values.filter((value) => value !== NOT_APPLICABLE);
  if (numbers.length < values.length) return numbers.length > 0;
  const apart = Math.max(...numbers) - Math.min(...numbers);
  return apart >= APART * carefulStep(scale ?? { min: 0, max: 1 });
}

function Cell({ value, question, text }: CellProps<Value>) {
  const { t } = useTranslation("questions");
  const { min, max } = scaleOf(question);
  if (value === NOT_APPLICABLE) return <>{t("kinds.rating.na_short")}</>;
  return (
    <span className={styles.cell} title={anchorAt(question, text, value)}>
      <b>{value}</b>
      <span className={styles.track} aria-hidden="true">
        <i style={{ width: `${(100 * (value - min)) / (max - min)}%` }} />
      </span>
    </span>
  );
}

/** A number for each image, higher is better. */
export const rating: KindOf<Answer, Action, never> = {
  kind: "rating",
  onePress: true,
  letters: (_question, item) => item.assignment.shown.order,
  isDone: ({ answer, letter }) => letter !== null && answer?.ratings[letter] !== undefined,
  step,
  commands,
  Row,
  missing: (t, title) => t("kinds.rating.missing", { question: title }),
  Badge,
  cell: {
    byImage: true,
    value: ({ ratings }, letter) => {
      const rated = ratings[letter];
      return rated === null ? NOT_APPLICABLE : (rated ?? null);
    },
    differs,
    Cell,
  },
};
