import { Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { LetterBadge } from "@/questions/Cell";
import { answerRows } from "@/questions/layers/answers";
import { KINDS } from "@/questions/registry";

import type { DetailedItem } from "./queries";

/** What reviewers would have answered; it counts nowhere. */
export function ReviewerAnswers({ project, item }: { project: Schemas["Project"]; item: DetailedItem }) {
  const { t } = useTranslation("reviewers");
  const format = useFormat();
  const letters = item.images.map((image) => image.letter);
  const text = useQuestionText(project.template, letters.length);
  const kept = item.reviewer_answers;
  if (kept.length === 0) return null;
  const nameOf = (id: string) => item.answers.find((one) => one.id === id)?.annotator.name ?? "";
  return (
    <Section title={t("kept")} note={t("kept_note")}>
      <Table.ScrollContainer type="native" minWidth={160 + 130 * kept.length}>
        <Table verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={160} />
              {kept.map((one, place) => (
                <Table.Th key={place}>
                  <Stack gap={0}>
                    {one.reviewer.name}
                    <Text size="xs" c="dimmed">
                      {one.corrects === null
                        ? t("kept_first")
                        : t("kept_corrects", { name: nameOf(one.corrects) })}
                      {" · "}
                      {format.dateTime(one.at)}
                    </Text>
                  </Stack>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answerRows(project.questions, kept, letters).map((row) => {
              const { Cell } = KINDS[row.question.type].cell;
              return (
                <Table.Tr key={row.key}>
                  <Table.Th scope="row">
                    {row.letter !== null && <LetterBadge>{row.letter}</LetterBadge>}{" "}
                    {text.title(row.question)}
                  </Table.Th>
                  {row.values.map((value, place) => (
                    <Table.Td key={place}>
                      {value === null ? "–" : <Cell value={value} question={row.question} text={text} />}
                    </Table.Td>
                  ))}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
