import { Badge, Button, Group, SegmentedControl, Text, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { LargeImageDialog } from "@/manage/images/LargeImageDialog";
import { Section } from "@/manage/parts/Section";
import { Failed, Loading } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { everAsked } from "@/questions/asked";

import { answerText, type Words } from "./answerText";
import styles from "./GivenAnswers.module.css";
import { givenAnswersQuery, type Which } from "./queries";

const WHICH: readonly Which[] = ["all", "disagreeing", "rejected"];
type GivenAnswer = Schemas["GivenAnswer"];

interface Props {
  project: Schemas["Project"];
  user: number;
}

/** What a person has answered, with the images as they saw them. */
export function GivenAnswers({ project, user }: Props) {
  const { t } = useTranslation("annotators");
  const [which, setWhich] = useState<Which>("all");
  const [open, setOpen] = useState<GivenAnswer | null>(null);
  const query = useInfiniteQuery(givenAnswersQuery(project.id, user, which));
  const answers = query.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Section
      title={t("answers")}
      note={t("answers_note")}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t("which.label")}
          value={which}
          data={WHICH.map((value) => ({ value, label: t(`which.${value}`) }))}
          onChange={(value) => setWhich(WHICH.find((one) => one === value) ?? "all")}
        />
      }
    >
      {query.isPending && <Loading />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && answers.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t("answers_empty")}
        </Text>
      )}
      <ol className={styles.answers}>
        {answers.map((one) => (
          <Card key={one.id} one={one} project={project} onOpen={() => setOpen(one)} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("more")}
          </Button>
        </Group>
      )}
      {open && (
        <LargeImageDialog
          title={open.prompt || t("no_prompt")}
          prompt={open.prompt}
          images={open.images.map(({ letter, url }) => ({ id: letter, url, name: letter }))}
          onClose={() => setOpen(null)}
        >
          <Told one={open} project={project} />
        </LargeImageDialog>
      )}
    </Section>
  );
}

interface CardProps {
  one: GivenAnswer;
  project: Schemas["Project"];
  onOpen: () => void;
}

function Card({ one, project, onOpen }: CardProps) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const chosen = chosenOf(one);
  return (
    <li className={styles.answer}>
      <UnstyledButton
        className={styles.images ?? ""}
        aria-label={t("open_images", { prompt: one.prompt || t("no_prompt") })}
        onClick={onOpen}
      >
        {one.images.map(({ letter, thumbnail_url: url }) => (
          <span key={letter} className={styles.image} data-chosen={letter === chosen}>
            <img src={url} alt="" loading="lazy" />
            {one.images.length > 1 && <span className={styles.letter}>{letter}</span>}
          </span>
        ))}
      </UnstyledButton>
      <Text size="sm" lineClamp={2} title={one.prompt}>
        {one.prompt || t("no_prompt")}
      </Text>
      <Told one={one} project={project} />
      <Group gap="xs">
        <State one={one} />
        <Text size="xs" c="dimmed">
          {format.dateTime(one.at)}
          {one.active_ms !== null && ` · ${format.duration(one.active_ms)}`}
        </Text>
      </Group>
      {one.reason !== "" && <Text size="xs">{one.reason}</Text>}
    </li>
  );
}

function State({ one }: { one: GivenAnswer }) {
  const { t } = useTranslation("annotators");
  const rejected = one.state === "rejected";
  return (
    <Badge size="sm" color={rejected ? "red" : "gray"}>
      {one.counted ? t(`state.${one.state}`) : t("extra")}
    </Badge>
  );
}

function Told({ one, project }: { one: GivenAnswer; project: Schemas["Project"] }) {
  const { t } = useTranslation("annotators");
  const { title } = useQuestionText(project.template);
  const words: Words = {
    choice: (name) => t(`choice.${name}`),
    grade: (step) => t("grade", { step }),
    marks: (count) => t("marks", { count }),
    words: (count) => t("words", { count }),
    links: (count) => t("links", { count }),
    rows: (yes, no, unsure) => t("rows", { yes, no, unsure }),
  };
  return (
    <dl className={styles.told}>
      {everAsked(project)
        .filter(({ id }) => one.answers[id] !== undefined)
        .map((question) => (
          <Fragments
            key={question.id}
            name={title(question)}
            told={answerText(one.answers[question.id], words)}
          />
        ))}
    </dl>
  );
}

function Fragments({ name, told }: { name: string; told: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{told}</dd>
    </>
  );
}

/** The image that the last question with a choice prefers. */
function chosenOf(one: GivenAnswer): string | null {
  const choices = Object.values(one.answers).flatMap((raw) =>
    typeof raw === "object" && raw !== null && "choice" in raw ? [String(raw.choice)] : [],
  );
  return choices.at(-1) ?? null;
}
