import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { useFormat } from "@/manage/parts/useFormat";
import { LetterBadge } from "@/questions/Cell";

import styles from "./Findings.module.css";
import type { DetailedItem } from "./queries";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
}

type Finding = Schemas["ItemFinding"];

/** What the item is said to be, question by question, and whose word it is. */
export function Findings({ project, item }: Props) {
  const { t } = useTranslation("items");
  const format = useFormat();
  const text = useQuestionText(project.template, item.images.length);
  const { consensus } = item;
  if (!consensus) {
    return (
      <Text size="sm" c="dimmed">
        {t("detail.no_consensus")}
      </Text>
    );
  }
  const name = (finding: Finding) => {
    const token = project.questions.find(({ id }) => id === finding.question)?.type === "words";
    return token ? (item.tokens[Number(finding.key)] ?? finding.key) : finding.key.replaceAll("_", " ");
  };
  return (
    <>
      <Text size="xs" c="dimmed">
        {consensus.overridden
          ? t("detail.consensus_lead")
          : t("detail.consensus_of", { count: consensus.annotations })}
      </Text>
      <dl className={styles.findings}>
        {project.questions.map((question) => {
          const found = consensus.findings.filter((one) => one.question === question.id);
          return (
            found.length > 0 && (
              <div key={question.id}>
                <dt>{text.title(question)}</dt>
                {found.map((one) => (
                  <dd key={`${one.letter}.${one.key}`} data-decided={one.decided}>
                    {one.letter !== "" && <LetterBadge>{one.letter}</LetterBadge>}
                    <span className={styles.name}>{name(one)}</span>
                    <span className={styles.votes}>
                      {one.value === null
                        ? t("detail.votes", { votes: one.votes, of: one.of })
                        : format.fixed(one.value, 2)}
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
