import { useTranslation } from "@/i18n/useTranslation";

import { useQuestionText } from "@/i18n/questionText";
import { KINDS } from "@/questions/registry";
import { RowTitle } from "@/questions/RowTitle";

import styles from "./AnswerTable.module.css";
import { answerRows, type Row } from "@/questions/layers/answers";
import { ColumnHead } from "./ColumnHead";
import { Orders, Times } from "./ExtraRows";
import type { Project, Review } from "./queries";
import type { ReviewSession } from "./session";

interface Props {
  project: Project;
  review: Review;
  session: ReviewSession;
  onChoose: (index: number) => void;
}

/** Narrower than this, the table scrolls sideways. */
const HEAD_PX = 130;
const PERSON_PX = 78;

/** What each annotator answered, side by side: a column a person, a row a question. */
export function AnswerTable({ project, review, session, onChoose }: Props) {
  const { t } = useTranslation("review");
  const letters = review.item.images.map((image) => image.letter);
  const own = review.own_answers ? [{ answers: review.own_answers }] : [];
  const rows = answerRows(
    project.questions,
    [...review.annotations, ...own],
    letters,
    review.item.checklist,
  );
  const column = (place: number) => (place === session.chosen ? styles.chosen : undefined);
  return (
    <table
      className={styles.table}
      style={{ minWidth: HEAD_PX + PERSON_PX * (review.annotations.length + own.length) }}
    >
      <caption className="visually-hidden">{t("answers")}</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.corner}>
            <span className="visually-hidden">{t("question")}</span>
          </th>
          {review.annotations.map((annotation, place) => (
            <th key={annotation.id} scope="col" className={column(place)}>
              <ColumnHead
                annotation={annotation}
                place={place}
                session={session}
                onChoose={() => onChoose(place)}
              />
            </th>
          ))}
          {own.length > 0 && (
            <th scope="col" className={styles.own}>
              {t("own.you")}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <AnswerRow
            key={row.key}
            row={row}
            isFirst={row.letter !== null && row.letter === letters[0]}
            project={project}
            images={letters.length}
            column={column}
          />
        ))}
      </tbody>
      <tbody className={styles.extra}>
        <Times review={review} column={column} />
        {letters.length > 1 && <Orders review={review} column={column} />}
      </tbody>
    </table>
  );
}

interface RowProps {
  row: Row;
  /** The first of a question's rows. */
  isFirst: boolean;
  project: Project;
  images: number;
  column: (place: number) => string | undefined;
}

function AnswerRow({ row, isFirst, project, images, column }: RowProps) {
  const { t } = useTranslation("review");
  const text = useQuestionText(project.template, images);
  const { question, letter, differs } = row;
  const { Cell } = KINDS[question.type].cell;
  return (
    <tr
      data-differs={differs || undefined}
      data-image={letter ?? undefined}
      data-first={isFirst || undefined}
    >
      <th scope="row" title={differs ? t("differs") : undefined}>
        <span className={styles.title}>
          <RowTitle row={row} text={text} />
        </span>
        {differs && <span className="visually-hidden"> ({t("differs")})</span>}
      </th>
      {row.values.map((value, place) => (
        <td key={place} className={column(place)}>
          {value === null ? (
            <span className={styles.absent}>{t("not_answered")}</span>
          ) : (
            <Cell value={value} question={question} text={text} />
          )}
        </td>
      ))}
    </tr>
  );
}
