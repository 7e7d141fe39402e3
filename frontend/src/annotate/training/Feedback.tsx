import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import type { Answers, Letter, Question } from "@/questions/kind";
import { answerRows, type Row } from "@/questions/layers/answers";
import type { ChecklistRow } from "@/questions/rows";
import { KINDS } from "@/questions/registry";
import { useImageName } from "@/questions/useImageName";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText, FOCUS_FIRST } from "@/ui/desk/Dialog";
import { Markdown } from "@/ui/markdown/Markdown";

import styles from "./Feedback.module.css";
import { knownAnswer } from "./known";

interface Props {
  feedback: Schemas["TrainingFeedback"];
  questions: readonly Question[];
  template: string;
  answers: Answers;
  order: readonly Letter[];
  checklist: readonly ChecklistRow[];
  onNext: () => void;
}

/** What somebody said beside what was known, question by question, and the lead's note. */
export function Feedback(props: Props) {
  const { feedback, questions, template, answers, order, checklist, onNext } = props;
  const { t } = useTranslation("learning");
  const text = useQuestionText(template, order.length);
  const judged = new Map(feedback.questions.map((one) => [one.id, one]));
  const asked = questions.filter(({ id }) => judged.has(id));
  const known = Object.fromEntries(
    asked.map((question) => [question.id, knownAnswer(question, judged.get(question.id)?.known ?? [])]),
  );
  const rows = answerRows(asked, [{ answers }, { answers: known }], order, checklist);
  return (
    <Dialog title={t(feedback.right ? "training.right" : "training.wrong")} onClose={onNext} wide>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("training.question")}</th>
            <th scope="col">{t("training.answer")}</th>
            <th scope="col">{t("training.known")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("training.result")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const right = judged.get(row.question.id)?.right ?? null;
            return (
              <tr key={row.key} data-right={right ?? undefined}>
                <th scope="row">
                  {row.of === null ? text.title(row.question) : row.of.text}
                  {row.letter !== null && <Place letter={row.letter} order={order} />}
                </th>
                {[0, 1].map((column) => (
                  <td key={column}>
                    <Given row={row} column={column} order={order} template={template} />
                  </td>
                ))}
                <td className={right === false ? styles.bad : styles.good}>
                  {right !== null && t(right ? "training.yes" : "training.no")}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {feedback.note !== "" && (
        <blockquote className={styles.note}>
          <Markdown text={feedback.note} />
        </blockquote>
      )}
      <DialogText>
        {t("training.so_far", {
          right: feedback.finished?.right ?? feedback.training.attempt?.right ?? 0,
          done: feedback.finished?.of ?? feedback.training.attempt?.done ?? 0,
        })}
      </DialogText>
      <Button look="go" onClick={onNext} {...FOCUS_FIRST}>
        {t(feedback.finished ? "training.to_result" : "training.next")}
      </Button>
    </Dialog>
  );
}

interface GivenProps {
  row: Row;
  column: number;
  order: readonly Letter[];
  template: string;
}

/** An answer as a table shows it; images by where they stood, as nobody here knows their letters. */
function Given({ row, column, order, template }: GivenProps) {
  const text = useQuestionText(template, order.length);
  const { Cell } = KINDS[row.question.type].cell;
  const value = row.values[column] ?? null;
  if (value === null) return "–";
  if (typeof value === "string" && order.includes(value)) return <Place letter={value} order={order} />;
  const shown =
    row.question.type === "ranking"
      ? (value as Letter[][]).map((tier) => tier.map((letter) => order.indexOf(letter) + 1))
      : value;
  return <Cell value={shown} question={row.question} text={text} />;
}

function Place({ letter, order }: { letter: Letter; order: readonly Letter[] }) {
  const nameOf = useImageName(order.length);
  return <span className={styles.place}>{nameOf(order.indexOf(letter))}</span>;
}
