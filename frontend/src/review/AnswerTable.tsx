import { useTranslation } from "react-i18next";

import type { Project, Question, Review, ReviewedAnnotation } from "@/api/types";
import { useQuestionText } from "@/i18n/questionText";

import { answerRows, type Cell, type Row } from "./answers";
import { colourOf } from "./palette";
import styles from "./review.module.css";
import type { ReviewSession } from "./session";
import { useSeconds } from "./useSeconds";

interface Props {
  project: Project;
  review: Review;
  session: ReviewSession;
  onChoose: (index: number) => void;
}

/** Narrower than this, the table scrolls sideways. */
const HEAD_PX = 130;
const PERSON_PX = 78;

/** What each annotator said, side by side: a column a person, a row a question. */
export function AnswerTable({ project, review, session, onChoose }: Props) {
  const { t } = useTranslation("review");
  const { title } = useQuestionText(project.template, review.item.images.length);
  const letters = review.item.images.map((image) => image.letter);
  const rows = answerRows(project.questions, review.annotations, letters);
  const column = (place: number) => (place === session.chosen ? styles.columnChosen : undefined);
  return (
    <table
      className={styles.answers}
      style={{ minWidth: HEAD_PX + PERSON_PX * review.annotations.length }}
    >
      <caption className="visually-hidden">{t("answers")}</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.rowHead}>
            <span className="visually-hidden">{t("question")}</span>
          </th>
          {review.annotations.map((annotation, place) => (
            <th key={annotation.id} scope="col" className={column(place)}>
              <Head
                annotation={annotation}
                place={place}
                session={session}
                onChoose={() => onChoose(place)}
              />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.key}
            data-differs={row.differs || undefined}
            data-image={row.letter ?? undefined}
            data-first={(row.letter !== null && row.letter === letters[0]) || undefined}
          >
            <th scope="row" title={row.differs ? t("differs") : undefined}>
              <span className={styles.rowTitle}>
                {row.letter !== null && <span className={styles.letter}>{row.letter}</span>}
                {title(row.question)}
              </span>
              {row.differs && <span className="visually-hidden"> ({t("differs")})</span>}
            </th>
            {row.cells.map((cell, place) => (
              <td key={place} className={column(place)}>
                <CellView cell={cell} row={row} />
              </td>
            ))}
          </tr>
        ))}
        <Times review={review} column={column} />
        {letters.length > 1 && <Orders review={review} column={column} />}
      </tbody>
    </table>
  );
}

interface HeadProps {
  annotation: ReviewedAnnotation;
  place: number;
  session: ReviewSession;
  onChoose: () => void;
}

function Head({ annotation, place, session, onChoose }: HeadProps) {
  const { t } = useTranslation("review");
  const verdict = session.decisions[annotation.id]?.verdict ?? annotation.verdict;
  const word =
    verdict === "accept"
      ? t("verdict.accepted")
      : verdict === "reject"
        ? t("verdict.rejected")
        : t("verdict.open");
  return (
    <button
      type="button"
      className={styles.head}
      aria-pressed={place === session.chosen}
      aria-label={`${t("verdict.choose", { name: annotation.annotator })}: ${word}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className={styles.who}>
        <i style={{ background: colourOf(place) }} />
        {annotation.annotator}
        <kbd>{place + 1}</kbd>
      </span>
      <span className={styles.verdict} data-verdict={verdict ?? "open"}>
        {word}
      </span>
      {annotation.verdict !== null && <span className={styles.earlier}>{t("earlier")}</span>}
    </button>
  );
}

function CellView({ cell, row }: { cell: Cell; row: Row }) {
  const { t } = useTranslation("review");
  switch (cell.kind) {
    case "none":
      return <span className={styles.absent}>{t("not_answered")}</span>;
    case "choice":
      return <Choice choice={cell.choice} />;
    case "rating":
      return <Rating rating={cell.rating} question={row.question} />;
    case "count":
      return <Count count={cell.count} question={row.question} />;
    case "tiers":
      return (
        <span className={styles.tiers}>{cell.tiers.map((tier) => tier.join("=")).join(" › ")}</span>
      );
    case "flags":
      return <Flags flags={cell.flags} question={row.question} />;
    case "text":
      return <span className={styles.text}>{cell.text}</span>;
  }
}

function Choice({ choice }: { choice: string }) {
  const { t } = useTranslation("review");
  if (choice === "tie" || choice === "both_bad" || choice === "unsure") {
    return <span className={styles.noChoice}>{t(`choices.${choice}`)}</span>;
  }
  return <span className={styles.letter}>{choice}</span>;
}

function Rating({ rating, question }: { rating: number; question: Question }) {
  const { min, max } = question.scale ?? { min: 1, max: 5 };
  const share = (rating - min) / (max - min);
  return (
    <span className={styles.rating}>
      <b>{rating}</b>
      <span className={styles.ratingTrack} aria-hidden="true">
        <i style={{ width: `${100 * share}%` }} />
      </span>
    </span>
  );
}

function Count({ count, question }: { count: number; question: Question }) {
  const { t } = useTranslation("review");
  if (count === 0) {
    const none = question.type === "words" ? t("no_words") : t("no_flaw");
    return <span className={styles.noChoice}>{none}</span>;
  }
  return question.type === "words" ? t("words", { count }) : t("points", { count });
}

function Flags({ flags, question }: { flags: readonly string[]; question: Question }) {
  const { t } = useTranslation("review");
  const { option } = useQuestionOptions(question);
  // A single flag is a yes-or-no question, whose title already says what was asked.
  if (question.options.length === 1) {
    return flags.length === 0 ? <span className={styles.noChoice}>{t("no")}</span> : t("yes");
  }
  if (flags.length === 0) return <span className={styles.noChoice}>{t("no_flags")}</span>;
  return <span className={styles.flagList}>{flags.map(option).join(", ")}</span>;
}

function useQuestionOptions(question: Question): { option: (id: string) => string } {
  const titles = new Map(question.options.map(({ id, title }) => [id, title]));
  return { option: (id) => titles.get(id) || id.replaceAll("_", " ") };
}

interface ExtraProps {
  review: Review;
  column: (place: number) => string | undefined;
}

function Times({ review, column }: ExtraProps) {
  const { t } = useTranslation("review");
  const seconds = useSeconds();
  return (
    <tr className={styles.extra}>
      <th scope="row">{t("time")}</th>
      {review.annotations.map(({ id, active_ms: ms }, place) => (
        <td key={id} className={column(place)}>
          {ms === null ? "–" : seconds(ms)}
        </td>
      ))}
    </tr>
  );
}

function Orders({ review, column }: ExtraProps) {
  const { t } = useTranslation("review");
  return (
    <tr className={styles.extra}>
      <th scope="row">{t("shown")}</th>
      {review.annotations.map(({ id, shown }, place) => (
        <td key={id} className={column(place)}>
          {shown.order.join(" ")}
        </td>
      ))}
    </tr>
  );
}
