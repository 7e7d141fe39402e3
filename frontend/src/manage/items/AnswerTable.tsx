import { Badge, Button, Table, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { OverrideVerdict } from "@/manage/reviewers/OverrideVerdict";
import { answerRows, type Row } from "@/questions/layers/answers";
import { colourOf } from "@/questions/layers/palette";
import { KINDS } from "@/questions/registry";
import { RowTitle } from "@/questions/RowTitle";

import styles from "./AnswerTable.module.css";
import type { DetailedAnswer, DetailedItem, Move } from "./queries";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
  onMove: (move: Move) => void;
}

/** A column an answer, those that stand first; superseded, rejected and late ones behind them. */
export function AnswerTable({ project, item, onMove }: Props) {
  const { t } = useTranslation("items");
  const format = useFormat();
  const answers = [...item.answers].sort((one, other) => Number(other.stands) - Number(one.stands));
  const letters = item.images.map((image) => image.letter);
  const rows = answerRows(project.questions, answers, letters, item.checklist);
  if (answers.length === 0) {
    return (
      <Section title={t("detail.answers")}>
        <Text size="sm" c="dimmed">
          {t("detail.no_answers")}
        </Text>
      </Section>
    );
  }
  const extra = (name: string, value: (answer: DetailedAnswer) => ReactNode) => (
    <Table.Tr className={styles.extra ?? ""}>
      <Table.Th scope="row">{name}</Table.Th>
      {answers.map((answer) => (
        <Table.Td key={answer.id} data-stands={answer.stands}>
          {value(answer)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
  return (
    <Section title={t("detail.answers")}>
      <Table.ScrollContainer type="native" minWidth={160 + 130 * answers.length}>
        <Table className={styles.table ?? ""} withRowBorders verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={160}>
                <span className="visually-hidden">{t("detail.question")}</span>
              </Table.Th>
              {answers.map((answer, place) => (
                <Table.Th key={answer.id} data-stands={answer.stands}>
                  <Head item={item} answer={answer} place={place} onMove={onMove} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <AnswerRow key={row.key} row={row} answers={answers} project={project} images={letters.length} />
            ))}
            {extra(t("detail.took"), (one) => (one.active_ms === null ? "–" : format.duration(one.active_ms)))}
            {letters.length > 1 && extra(t("detail.shown"), (one) => one.shown.order.join(" "))}
            {extra(t("detail.at"), (one) => format.dateTime(one.submitted_at))}
            {answers.some((one) => one.verdict) && extra(t("detail.verdict"), (one) => (
              <Verdict answer={one} item={item} project={project.id} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

interface HeadProps {
  item: DetailedItem;
  answer: DetailedAnswer;
  place: number;
  onMove: (move: Move) => void;
}

function Head({ item, answer, place, onMove }: HeadProps) {
  const { t } = useTranslation("items");
  const tag = tagOf(answer);
  const signedOff = item.batch_verdict === "signed_off";
  return (
    <div className={styles.head}>
      <span className={styles.name}>
        {answer.stands && <i style={{ background: colourOf(place) }} />}
        {answer.annotator.name}
      </span>
      {answer.extra_vote && (
        <Badge size="xs" color="grape">
          {t("detail.extra")}
        </Badge>
      )}
      {tag && (
        <Badge size="xs" color={tag === "rejected" ? "red" : "gray"}>
          {tag === "superseded" && t("detail.superseded")}
          {tag === "late" && t("detail.late")}
          {tag === "rejected" && t("slot_state.rejected")}
          {tag === "submitted" && t("slot_state.submitted")}
        </Badge>
      )}
      {answer.stands && item.state !== "excluded" && (
        <Button
          size="compact-xs"
          variant="default"
          disabled={signedOff}
          {...(signedOff ? { title: t("move.signed_off") } : {})}
          aria-label={t("move.reopen_of", { name: answer.annotator.name })}
          onClick={() => onMove({ kind: "reopen", answer })}
        >
          {t("move.reopen")}
        </Button>
      )}
    </div>
  );
}

function tagOf(answer: DetailedAnswer): "superseded" | "late" | "rejected" | "submitted" | null {
  if (!answer.counted) return "late";
  if (!answer.current) return "superseded";
  if (answer.state === "rejected" || answer.state === "submitted") return answer.state;
  return null;
}

interface VerdictProps {
  answer: DetailedAnswer;
  item: DetailedItem;
  project: number;
}

/** What reviewers said of an answer, and a lead's way to say otherwise. */
function Verdict({ answer, item, project }: VerdictProps) {
  const { t } = useTranslation(["items", "reviewers"]);
  const [isOpen, setOpen] = useState(false);
  const { verdict, second_verdict: second } = answer;
  if (!verdict) return "–";
  const words = ({ value, reviewer, reason }: NonNullable<DetailedAnswer["verdict"]>) =>
    value === "accept"
      ? t("detail.verdict_accept", { name: reviewer.name })
      : t("detail.verdict_reject", { name: reviewer.name, reason });
  const { name } = answer.annotator;
  return (
    <>
      <Text size="xs">{words(verdict)}</Text>
      {second && (
        <Text size="xs" c="dimmed">
          {t("reviewers:second_of")}: {words(second)}
        </Text>
      )}
      {item.review !== null && answer.current && (
        <Button
          mt={4}
          size="compact-xs"
          variant="default"
          disabled={item.batch_verdict === "signed_off"}
          aria-label={t("reviewers:override_of", { name })}
          onClick={() => setOpen(true)}
        >
          {t("reviewers:override")}
        </Button>
      )}
      {isOpen && item.review !== null && (
        <OverrideVerdict
          project={project}
          judged={{ review: item.review, annotation: answer.id, name, stands: verdict.value }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

interface RowProps {
  row: Row;
  answers: readonly DetailedAnswer[];
  project: Schemas["Project"];
  images: number;
}

function AnswerRow({ row, answers, project, images }: RowProps) {
  const { t } = useTranslation("items");
  const text = useQuestionText(project.template, images);
  const { Cell, differs } = KINDS[row.question.type].cell;
  const standing = row.values.filter((value, place) => value !== null && answers[place]?.stands);
  const apart = standing.length > 1 && differs(standing, row.question);
  return (
    <Table.Tr data-differs={apart || undefined}>
      <Table.Th scope="row" title={apart ? t("detail.differs") : undefined}>
        <span className={styles.name}>
          <RowTitle row={row} text={text} />
        </span>
      </Table.Th>
      {row.values.map((value, place) => (
        <Table.Td key={answers[place]?.id ?? place} data-stands={answers[place]?.stands}>
          {value === null ? t("detail.not_answered") : <Cell value={value} question={row.question} text={text} />}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
