import { Checkbox, Group, NumberInput, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import type { Question } from "@/questions/kind";
import { answerRows } from "@/questions/layers/answers";
import { KINDS } from "@/questions/registry";
import { isLong, scaleOf, valuesOf } from "@/questions/scale";

import styles from "./OverrideForm.module.css";
import type { Answers, DetailedItem } from "./queries";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
  answers: Answers;
  onChange: (answers: Answers) => void;
}

/**
 * A lead's own answers: chosen anew where a press says it all, else as one of the annotators
 * answered (marks, words, rankings).
 */
export function OverrideForm({ project, item, answers, onChange }: Props) {
  const { t } = useTranslation("items");
  const standing = item.answers.filter((answer) => answer.stands);
  const text = useQuestionText(project.template, item.images.length);
  const names = standing.map(({ id, annotator }) => ({ value: id, label: annotator.name }));
  return (
    <Stack gap="sm">
      <Select
        size="xs"
        w={260}
        label={t("own.from")}
        data={names}
        onChange={(id) => onChange(standing.find((one) => one.id === id)?.answers ?? answers)}
      />
      {project.questions.map((question) => (
        <div key={question.id} className={styles.question} role="group" aria-label={text.title(question)}>
          <Text size="sm" fw={550}>
            {text.title(question)}
          </Text>
          <Own
            question={question}
            item={item}
            answers={answers}
            onAnswer={(answer) => onChange(withAnswer(answers, question, answer, project.questions))}
          />
        </div>
      ))}
    </Stack>
  );
}

/** What is about the chosen image is about another one from now on, when another is chosen. */
function withAnswer(
  answers: Answers,
  question: Question,
  answer: unknown,
  all: readonly Question[],
): Answers {
  const next: Answers = { ...answers, [question.id]: answer };
  if (question.type !== "pick") return next;
  const letter = (answer as { choice: string }).choice;
  for (const about of all.filter((one) => one.about === question.id && one.type === "flags")) {
    next[about.id] = { flags: { [letter]: [] } };
  }
  return next;
}

interface OwnProps {
  question: Question;
  item: DetailedItem;
  answers: Answers;
  onAnswer: (answer: unknown) => void;
}

function Own({ question, item, answers, onAnswer }: OwnProps) {
  const letters = item.images.map((image) => image.letter);
  switch (question.type) {
    case "preference":
      return <Choices question={question} answers={answers} choices={["a", "b", "tie", "both_bad", "unsure"]} onAnswer={onAnswer} />;
    case "graded":
      return <Grades question={question} answers={answers} onAnswer={onAnswer} />;
    case "pick":
      return <Choices question={question} answers={answers} choices={letters} onAnswer={onAnswer} />;
    case "rating":
      return <Ratings question={question} answers={answers} letters={letters} onAnswer={onAnswer} />;
    case "best_worst":
      return <Ends question={question} answers={answers} letters={letters} onAnswer={onAnswer} />;
    case "flags":
      return <Flags question={question} answers={answers} onAnswer={onAnswer} />;
    case "label":
      return <Labels question={question} answers={answers} letters={letters} onAnswer={onAnswer} />;
    default:
      return <AsSomebody question={question} item={item} answers={answers} onAnswer={onAnswer} />;
  }
}

interface PartProps {
  question: Question;
  answers: Answers;
  onAnswer: (answer: unknown) => void;
}

function Choices({ question, answers, choices, onAnswer }: PartProps & { choices: readonly string[] }) {
  const { t } = useTranslation("questions");
  const label = (choice: string) =>
    choice === "tie" || choice === "both_bad" || choice === "unsure"
      ? t(`kinds.preference.cell.${choice}`)
      : choice;
  return (
    <SegmentedControl
      size="xs"
      value={(answers[question.id] as { choice?: string } | undefined)?.choice ?? ""}
      data={choices.map((choice) => ({ value: choice, label: label(choice) }))}
      onChange={(choice) => onAnswer({ choice })}
    />
  );
}

/** 1 is "a, much better", the last one "b, much better". */
function Grades({ question, answers, onAnswer }: PartProps) {
  const given = (answers[question.id] as { grade?: number } | undefined)?.grade;
  const steps = question.scale?.max ?? 0;
  return (
    <Group gap="xs">
      <Text size="xs">a</Text>
      <SegmentedControl
        size="xs"
        value={given === undefined ? "" : String(given)}
        data={Array.from({ length: steps }, (_, place) => String(place + 1))}
        onChange={(grade) => onAnswer({ grade: Number(grade) })}
      />
      <Text size="xs">b</Text>
    </Group>
  );
}

function Ratings({ question, answers, letters, onAnswer }: PartProps & { letters: readonly string[] }) {
  const { t } = useTranslation("questions");
  const given =
    (answers[question.id] as { ratings?: Record<string, number | null> } | undefined)?.ratings ?? {};
  const scale = scaleOf(question);
  const set = (letter: string, value: number | null) =>
    onAnswer({ ratings: { ...given, [letter]: value } });
  const label = (letter: string) => (letters.length > 1 ? letter : t("kinds.image", { place: 1 }));
  return (
    <Stack gap={4}>
      {letters.map((letter) => (
        <Group key={letter} gap="xs">
          {letters.length > 1 && <Text size="sm">{letter}</Text>}
          {isLong(scale) ? (
            <NumberInput
              size="xs"
              w={90}
              aria-label={label(letter)}
              {...scale}
              value={given[letter] ?? ""}
              onChange={(value) => typeof value === "number" && set(letter, value)}
            />
          ) : (
            <SegmentedControl
              size="xs"
              value={typeof given[letter] === "number" ? String(given[letter]) : ""}
              data={valuesOf(scale).map(String)}
              onChange={(value) => set(letter, Number(value))}
            />
          )}
          {question.na && (
            <Checkbox
              size="xs"
              label={t("kinds.rating.na")}
              checked={given[letter] === null}
              onChange={() => set(letter, null)}
            />
          )}
        </Group>
      ))}
    </Stack>
  );
}

function Ends({ question, answers, letters, onAnswer }: PartProps & { letters: readonly string[] }) {
  const { t } = useTranslation("questions");
  const given = (answers[question.id] as { best?: string; worst?: string } | undefined) ?? {};
  return (
    <Group gap="md">
      {(["best", "worst"] as const).map((end) => (
        <Group key={end} gap="xs">
          <Text size="sm">{t(`kinds.best_worst.${end}`)}</Text>
          <SegmentedControl
            size="xs"
            value={given[end] ?? ""}
            data={letters.map((letter) => ({
              value: letter,
              label: letter,
              disabled: letter === given[end === "best" ? "worst" : "best"],
            }))}
            onChange={(letter) => onAnswer({ ...given, [end]: letter })}
          />
        </Group>
      ))}
    </Group>
  );
}

function Flags({ question, answers, onAnswer }: PartProps) {
  const given = (answers[question.id] as { flags?: Record<string, string[]> } | undefined)?.flags ?? {};
  const { flag } = useQuestionText("custom");
  return (
    <Stack gap={4}>
      {Object.entries(given).map(([letter, keys]) => (
        <Checkbox.Group
          key={letter}
          label={Object.keys(given).length > 1 ? letter : undefined}
          value={keys}
          onChange={(chosen) => onAnswer({ flags: { ...given, [letter]: chosen } })}
        >
          <Group gap="sm">
            {question.options.map((option) => (
              <Checkbox key={option.id} size="xs" value={option.id} label={flag(option)} />
            ))}
          </Group>
        </Checkbox.Group>
      ))}
    </Stack>
  );
}

function Labels({ question, answers, letters, onAnswer }: PartProps & { letters: readonly string[] }) {
  const given = (answers[question.id] as { labels?: Record<string, string> } | undefined)?.labels ?? {};
  const { flag } = useQuestionText("custom");
  return (
    <Stack gap={4}>
      {letters.map((letter) => (
        <Group key={letter} gap="xs">
          {letters.length > 1 && <Text size="sm">{letter}</Text>}
          <SegmentedControl
            size="xs"
            value={given[letter] ?? ""}
            data={question.options.map((option) => ({ value: option.id, label: flag(option) }))}
            onChange={(chosen) => onAnswer({ labels: { ...given, [letter]: chosen } })}
          />
        </Group>
      ))}
    </Stack>
  );
}

function AsSomebody({ question, item, answers, onAnswer }: PartProps & { item: DetailedItem }) {
  const { t } = useTranslation("items");
  const text = useQuestionText("custom", item.images.length);
  const standing = item.answers.filter((answer) => answer.stands);
  const letters = item.images.map((image) => image.letter);
  const { Cell } = KINDS[question.type].cell;
  const same = standing.find(
    (one) => JSON.stringify(one.answers[question.id]) === JSON.stringify(answers[question.id]),
  );
  return (
    <Group gap="sm" className={styles.cell ?? ""}>
      <Select
        size="xs"
        w={220}
        value={same?.id ?? null}
        data={standing
          .filter((one) => one.answers[question.id] !== undefined)
          .map(({ id, annotator }) => ({ value: id, label: t("own.as", { name: annotator.name }) }))}
        onChange={(id) => {
          const chosen = standing.find((one) => one.id === id);
          if (chosen) onAnswer(chosen.answers[question.id]);
        }}
      />
      {answerRows([question], [{ answers }], letters, item.checklist).map((row) => (
        <span key={row.key}>
          {row.letter !== null && `${row.letter}: `}
          {row.of !== null && `${row.of.text} `}
          {row.values[0] !== null && <Cell value={row.values[0]} question={question} text={text} />}
        </span>
      ))}
    </Group>
  );
}
