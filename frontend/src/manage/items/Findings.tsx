import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { type QuestionText, useQuestionText } from "@/i18n/questionText";
import { useFormat } from "@/manage/parts/useFormat";
import { LetterBadge } from "@/questions/Cell";
import { optionOf, type Question } from "@/questions/kind";

import styles from "./Findings.module.css";
import type { DetailedItem } from "./queries";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
}

type Finding = Schemas["ItemFinding"];

const MEAN = "mean";
const WIDEST = "maxdiff";

/** What the item is said to be, question by question, and whose word it is. */
export function Findings({ project, item }: Props) {
  const { t } = useTranslation("items");
  const format = useFormat();
  const text = useQuestionText(project.template, item.images.length);
  const name = useName(text, item);
  const { consensus } = item;
  if (!consensus) {
    return (
      <Text size="sm" c="dimmed">
        {t("detail.no_consensus")}
      </Text>
    );
  }
  const { overridden } = consensus;
  return (
    <>
      <Text size="xs" c="dimmed">
        {consensus.overridden
          ? t("detail.consensus_lead")
          : t("detail.consensus_of", { count: consensus.annotations })}
      </Text>
      <dl className={styles.findings}>
        {project.questions.map((question) => {
          const found = consensus.findings.filter(
            (one) =>
              one.question === question.id &&
              !(overridden && (one.key === WIDEST || one.votes === 0)),
          );
          return (
            found.length > 0 && (
              <div key={question.id}>
                <dt>{text.title(question)}</dt>
                {found.map((one) => (
                  <dd key={`${one.letter}.${one.key}`} data-decided={one.decided}>
                    {one.letter !== "" && <LetterBadge>{one.letter}</LetterBadge>}
                    <span className={styles.name}>
                      {overridden && one.value !== null ? t("detail.leads") : name(question, one)}
                    </span>
                    <span className={styles.votes}>
                      {one.value !== null && format.fixed(onScale(question, one.key, one.value), 2)}
                      {one.value === null &&
                        (overridden
                          ? t("detail.leads")
                          : t("detail.votes", { votes: one.votes, of: one.of }))}
                    </span>
                  </dd>
                ))}
              </div>
            )
          );
        })}
      </dl>
      {item.overrides.map((one) => (
        <Text key={one.at} size="xs" td={one.withdrawn_at === null ? undefined : "line-through"}>
          {t("detail.override_by", { name: one.by.name, at: format.dateTime(one.at) })}: {one.reason}
        </Text>
      ))}
    </>
  );
}

/** A mean and a difference are kept from 0 to 1; people think in the question's own numbers. */
function onScale({ scale }: Question, key: string, value: number): number {
  const { min, max } = scale ?? { min: 0, max: 1 };
  if (key === MEAN) return min + value * (max - min);
  return key === WIDEST ? value * (max - min) : value;
}

/** What a finding's key means, as its kind of question has it. */
function useName(text: QuestionText, { tokens, checklist }: DetailedItem) {
  const { t } = useTranslation("items");
  const { t: tq } = useTranslation("questions");
  const side = (key: string) =>
    key === "tie" || key === "both_bad" || key === "unsure" ? tq(`kinds.preference.cell.${key}`) : key;
  const option = (question: Question, key: string) => text.flag(optionOf(question, key));
  /** "r1=yes": what is said of a row of the checklist. */
  const ofRow = (key: string) => {
    const [id = "", given = ""] = key.split("=");
    const row = checklist.find((one) => one.id === id);
    const answer = given === "yes" || given === "no" ? given : "unsure";
    return `${row?.text ?? id} – ${tq(`kinds.checklist.cell.${answer}`)}`;
  };
  return (question: Question, { key }: Finding): string => {
    switch (question.type) {
      case "rating":
        if (key === "nothing") return tq("kinds.rating.na");
        return key === MEAN ? t("detail.mean") : t("detail.widest");
      case "ranking":
      case "best_worst":
        return key === "rank" ? t("detail.rank") : t("detail.over", { letter: key.replace("over_", "") });
      case "words":
        return key === "nothing" ? tq("kinds.words.cell.none") : (tokens[Number(key)] ?? key);
      case "marks":
        return key === "nothing" ? tq("kinds.marks.cell.none") : t("detail.marked");
      case "flags":
      case "reasons":
        return key === "nothing" ? tq("kinds.flags.cell.none") : option(question, key);
      case "regions":
        return key === "nothing" ? tq("kinds.marks.cell.none") : option(question, key);
      case "label":
        return option(question, key);
      case "checklist":
        return ofRow(key);
      case "graded":
        return key === "strength" ? t("detail.strength") : side(key);
      case "preference":
        return side(key);
      default:
        return key;
    }
  };
}
