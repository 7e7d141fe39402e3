import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { useFormat } from "@/manage/parts/useFormat";

import { Actions } from "./Actions";
import styles from "./ExportCard.module.css";
import { Files } from "./FileTable";
import { HowToLoad } from "./HowToLoad";
import { changed, valuesOf } from "./options";
import { isPending } from "./queries";
import { StateBadge } from "./StateBadge";
import { Steps } from "./Steps";
import { useExportText } from "./useExportText";
import { useQuestionTitles } from "./useQuestionTitles";

type Export = Schemas["Export"];
type Format = Schemas["ExportFormat"];

interface Props {
  one: Export;
  /** Its format as it stands now; none for one that is no more. */
  format: Format | undefined;
  onAgain: () => void;
}

/** An export: what it is, how far, what came of it, and what can be done with it. */
export function ExportCard({ one, format, onAgain }: Props) {
  const { t } = useTranslation("exports");
  const text = useExportText();
  const says = useFormat();
  const reason = useReason();
  const [files, { toggle: toggleFiles }] = useDisclosure(false);
  const [code, { toggle: toggleCode }] = useDisclosure(false);
  const isDone = one.state === "done";
  const name = `${one.format} #${one.id}`;
  return (
    <article className={styles.export} aria-label={`${one.format}, ${says.dateTime(one.created_at)}`}>
      <div className={styles.exportHead}>
        <div>
          <Group gap="xs">
            <Text fw={600}>{text.format({ name: one.format, ...format }).title}</Text>
            <code className={styles.name}>{name}</code>
            <StateBadge state={one.state} />
          </Group>
          {isDone && (
            <Text size="sm" mt={2}>
              {one.rows !== null && `${t("rows", { count: one.rows })} · `}
              {t("files", { count: one.file_count, bytes: says.bytes(one.total_bytes) })}
            </Text>
          )}
          <When one={one} />
          <Options one={one} format={format} />
        </div>
        <Actions one={one} name={name} onAgain={onAgain} />
      </div>
      {isPending(one) && <Steps name={name} state={one.state} progress={one.progress} />}
      {one.error !== null && (
        <Notice color={isPending(one) ? "orange" : "red"} mt="xs" p="xs" role="alert">
          {reason(one.error)}
        </Notice>
      )}
      {(one.state === "cancelled" || one.state === "expired") && (
        <Text size="xs" c="dimmed" mt={4}>
          {t(`${one.state}_note`)}
        </Text>
      )}
      {isDone && (
        <Group gap="xs" mt="xs">
          <Fold open={files} label={t("show_files")} onToggle={toggleFiles} />
          <Fold open={code} label={t("use_it")} onToggle={toggleCode} />
        </Group>
      )}
      {files && <Files export={one} />}
      {code && <HowToLoad one={one} />}
    </article>
  );
}

function Fold({ open, label, onToggle }: { open: boolean; label: string; onToggle: () => void }) {
  return (
    <Button size="compact-sm" variant="subtle" aria-expanded={open} onClick={onToggle}>
      {open ? "▾" : "▸"} {label}
    </Button>
  );
}

function When({ one }: { one: Export }) {
  const { t } = useTranslation("exports");
  const says = useFormat();
  const who = one.created_by?.display_name || one.created_by?.username;
  const parts = [
    says.dateTime(one.created_at),
    who !== undefined && t("by", { name: who }),
    one.state === "done" &&
      (one.expires_at === null ? t("kept") : t("expires", { at: says.date(one.expires_at) })),
  ];
  return (
    <Text size="xs" c="dimmed">
      {parts.filter(Boolean).join(" · ")}
    </Text>
  );
}

/** The options that differ from the format's defaults; all of them where those are not known. */
function Options({ one, format }: { one: Export; format: Format | undefined }) {
  const { t } = useTranslation("exports");
  const { t: tManage } = useTranslation("manage");
  const text = useExportText();
  const title = useQuestionTitles();
  const values = valuesOf(one.options);
  const differing = format && format.reason === null ? changed(format, values) : values;
  const told = (name: string, value: string) => tManage("labelled", { name: text.option(name), value });
  const texts = Object.entries(differing).map(([name, value]) => {
    if (typeof value === "boolean") return told(name, t(value ? "yes" : "no"));
    const words = typeof value === "string" ? text.choice(value) : String(value);
    return told(name, words === value ? title(words) : words);
  });
  return (
    <Text size="xs" c="dimmed">
      {t("with_options")}: {texts.length === 0 ? t("all_defaults") : texts.join(", ")}
    </Text>
  );
}
