import { ActionIcon, Button, CloseButton, Group, NumberInput, Select, Switch, Text, Textarea, TextInput } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import styles from "./DraftCard.module.css";
import { RatingFields } from "./RatingFields";
import { Refused } from "./Refused";
import {
  canGo,
  type Draft,
  indented,
  newOption,
  type OptionDraft,
  partsOf,
  picksBefore,
  QUESTION_TYPES,
  toQuestion,
  withOption,
  withoutOption,
} from "./drafts";

interface Props {
  draft: Draft;
  drafts: readonly Draft[];
  number: number;
  open: boolean;
  dragged: boolean;
  refusals: ReadonlyMap<string, string>;
  onOpen: () => void;
  onChange: (more: Partial<Draft>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
  onDrag: (begins: boolean) => void;
  onDragOver: () => void;
}

/** A question in a line, or open with all that it is made of. */
export function DraftCard(props: Props) {
  const { draft, number, open, dragged, refusals, onOpen, onMove, onRemove, onDrag } = props;
  const { t } = useTranslation("composing");
  const types = useTranslation("manage").t;
  const name = t("number", { number });
  const refused = [...refusals.keys()].some((path) => path.startsWith(`${number - 1}.`));
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <li
      className={styles.card}
      data-open={open || undefined}
      data-dragged={dragged || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        props.onDragOver();
      }}
    >
      <div className={styles.head}>
        <button
          type="button"
          className={styles.handle}
          draggable
          aria-label={t("handle", { number })}
          title={t("handle", { number })}
          onKeyDown={onKey}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", draft.id);
            onDrag(true);
          }}
          onDragEnd={() => onDrag(false)}
        >
          ⠿
        </button>
        <button type="button" className={styles.name} aria-expanded={open} onClick={onOpen}>
          <span className={`${styles.title} ${refused ? styles.wrong : ""}`}>
            {number}. {draft.title || draft.titleZh || t("untitled")}
          </span>
          <span className={styles.kind}>{types(`questions.types.${draft.type}`)}</span>
        </button>
        <CloseButton aria-label={`${t("remove")}: ${name}`} title={t("remove")} onClick={onRemove} />
      </div>
      {open && (
        <fieldset className={styles.body} style={{ border: 0, margin: 0 }} aria-label={name}>
          <Fields {...props} />
        </fieldset>
      )}
    </li>
  );
}

function Fields({ draft, drafts, number, refusals, onChange }: Props) {
  const { t } = useTranslation("composing");
  const types = useTranslation("manage").t;
  const parts = partsOf(draft);
  const picks = parts.about ? picksBefore(drafts, draft) : [];
  const refusal = (field: string) => refusals.get(`${number - 1}.${field}`);
  return (
    <>
      <Select
        label={t("type")}
        value={draft.type}
        allowDeselect={false}
        data={QUESTION_TYPES.map((value) => ({ value, label: types(`questions.types.${value}`) }))}
        error={refusal("type")}
        onChange={(type) => onChange({ type: type ?? draft.type })}
      />
      <div className={styles.two}>
        <TextInput
          label={t("text")}
          value={draft.title}
          maxLength={200}
          error={refusal("title")}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
        />
        <TextInput
          label={t("text_zh")}
          value={draft.titleZh}
          maxLength={200}
          lang="zh-Hans"
          placeholder={t("as_first")}
          error={refusal("title_zh")}
          onChange={(event) => onChange({ titleZh: event.currentTarget.value })}
        />
        <Textarea
          label={t("help")}
          value={draft.help}
          autosize
          minRows={2}
          maxRows={8}
          error={refusal("help")}
          onChange={(event) => onChange({ help: event.currentTarget.value })}
        />
        <Textarea
          label={t("help_zh")}
          value={draft.helpZh}
          lang="zh-Hans"
          autosize
          minRows={2}
          maxRows={8}
          placeholder={t("as_first")}
          error={refusal("help_zh")}
          onChange={(event) => onChange({ helpZh: event.currentTarget.value })}
        />
      </div>
      {parts.scale && (
        <div>
          <div className={styles.two}>
            <NumberInput
              label={t("lowest")}
              value={draft.lowest}
              allowDecimal={false}
              error={refusal("scale.min") ?? refusal("scale") !== undefined}
              onChange={(value) => onChange({ lowest: Number(value) })}
            />
            <NumberInput
              label={t("highest")}
              value={draft.highest}
              allowDecimal={false}
              error={refusal("scale.max") ?? refusal("scale") !== undefined}
              onChange={(value) => onChange({ highest: Number(value) })}
            />
          </div>
          <Refused text={refusal("scale")} />
          {draft.highest - draft.lowest > 10 && (
            <Text size="xs" c="dimmed" mt={4}>
              {t("long_scale")}
            </Text>
          )}
        </div>
      )}
      {parts.scale && <RatingFields draft={draft} refusal={refusal} onChange={onChange} />}
      {parts.words && (
        <Switch
          label={t("unsure")}
          description={t("unsure_help")}
          checked={draft.unsure}
          error={refusal("unsure")}
          onChange={(event) => onChange({ unsure: event.currentTarget.checked })}
        />
      )}
      {parts.words && (
        <Switch
          label={t("spans")}
          description={t("spans_help")}
          checked={draft.spans}
          error={refusal("spans")}
          onChange={(event) => onChange({ spans: event.currentTarget.checked })}
        />
      )}
      {parts.words && (
        <Switch
          label={t("links")}
          description={t("links_help")}
          checked={draft.links}
          error={refusal("links")}
          onChange={(event) => onChange({ links: event.currentTarget.checked })}
        />
      )}
      {parts.steps && (
        <Select
          label={t("steps")}
          description={t("steps_help")}
          value={`${toQuestion(draft, 0, [draft]).scale?.max}`}
          allowDeselect={false}
          data={between(...parts.steps)}
          error={refusal("scale")}
          onChange={(steps) => onChange({ lowest: 1, highest: Number(steps) })}
        />
      )}
      {parts.options && (
        <Options draft={draft} offers={parts.options} refusal={refusal} onChange={onChange} />
      )}
      {picks.length > 0 && (
        <Select
          label={t("about")}
          value={String(draft.about)}
          allowDeselect={false}
          data={[
            { value: "null", label: t("about_item") },
            ...picks.map(({ key, title, titleZh, id }) => ({
              value: String(key),
              label: t("about_pick", { question: title || titleZh || id }),
            })),
          ]}
          error={refusal("about")}
          onChange={(value) => onChange({ about: value === "null" ? null : Number(value) })}
        />
      )}
      <TextInput
        label={t("id")}
        description={t("id_help")}
        value={draft.id}
        maxLength={50}
        error={refusal("id")}
        onChange={(event) => onChange({ id: event.currentTarget.value })}
      />
      <Switch
        label={t("required")}
        checked={draft.required}
        onChange={(event) => onChange({ required: event.currentTarget.checked })}
      />
    </>
  );
}

interface OptionsProps {
  draft: Draft;
  offers: "flag" | "class" | "flaw";
  refusal: (field: string) => string | undefined;
  onChange: (more: Partial<Draft>) => void;
}

function Options({ draft, offers, refusal, onChange }: OptionsProps) {
  const { t } = useTranslation("composing");
  const { tree = false } = partsOf(draft);
  const set = (option: OptionDraft, more: Partial<OptionDraft>) =>
    onChange(withOption(draft, option, more));
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {t(`offers.${offers}.title`)}
      </Text>
      {tree && (
        <Text size="xs" c="dimmed" mb={4}>
          {t("tree_help")}
        </Text>
      )}
      {draft.options.map((option, place) => (
        <div key={option.key} className={styles.option} style={{ marginLeft: tree ? 24 * option.depth : 0 }}>
          <TextInput
            aria-label={t(`offers.${offers}.one`, { number: place + 1 })}
            value={option.title}
            maxLength={200}
            error={refusal(`options.${place}.title`)}
            onChange={(event) => set(option, { title: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t(`offers.${offers}.one_zh`, { number: place + 1 })}
            value={option.titleZh}
            maxLength={200}
            lang="zh-Hans"
            error={refusal(`options.${place}.title_zh`)}
            onChange={(event) => set(option, { titleZh: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t(`offers.${offers}.one_id`, { number: place + 1 })}
            value={option.id}
            maxLength={50}
            error={refusal(`options.${place}.id`)}
            onChange={(event) => set(option, { id: event.currentTarget.value })}
          />
          <Group gap={2} mt={4} wrap="nowrap">
            {tree &&
              ([-1, 1] as const).map((by) => (
                <ActionIcon
                  key={by}
                  variant="subtle"
                  color="gray"
                  disabled={!canGo(draft.options, option, by)}
                  aria-label={`${t(by === 1 ? "indent" : "outdent")}: ${t(`offers.${offers}.one`, { number: place + 1 })}`}
                  title={t(by === 1 ? "indent" : "outdent")}
                  onClick={() => onChange({ options: indented(draft.options, option, by) })}
                >
                  {by === 1 ? "⇥" : "⇤"}
                </ActionIcon>
              ))}
            <CloseButton
              aria-label={`${t("remove")}: ${t(`offers.${offers}.one`, { number: place + 1 })}`}
              onClick={() => onChange({ options: withoutOption(draft.options, option) })}
            />
          </Group>
        </div>
      ))}
      <Refused text={refusal("options")} />
      <Button
        size="compact-sm"
        variant="default"
        mt={6}
        onClick={() => onChange({ options: [...draft.options, { ...newOption(draft.options), depth: tree ? (draft.options.at(-1)?.depth ?? 0) : 0 }] })}
      >
        {t(`offers.${offers}.add`)}
      </Button>
    </div>
  );
}

function between(fewest: number, most: number): string[] {
  return Array.from({ length: most - fewest + 1 }, (_, more) => `${fewest + more}`);
}
