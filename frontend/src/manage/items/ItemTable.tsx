import { Group, Table, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./ItemTable.module.css";
import { metaWords } from "./meta";
import type { ListedItem } from "./queries";
import { StateBadge } from "./StateBadge";
import { Width } from "./Width";

interface Props {
  items: readonly ListedItem[];
  onOpen: (id: string) => void;
}

/** A row an item; its images and its prompt open it. */
export function ItemTable({ items, onOpen }: Props) {
  const { t } = useTranslation("items");
  return (
    <Table.ScrollContainer type="native" minWidth={820}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("col.images")}</Table.Th>
            <Table.Th>{t("col.prompt")}</Table.Th>
            <Table.Th>{t("col.batch")}</Table.Th>
            <Table.Th>{t("col.state")}</Table.Th>
            <Table.Th ta="right">{t("col.answers")}</Table.Th>
            <Table.Th title={t("disagreement_help")}>{t("col.disagreement")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} onOpen={() => onOpen(item.id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ item, onOpen }: { item: ListedItem; onOpen: () => void }) {
  const { t } = useTranslation("items");
  const format = useFormat();
  const prompt = item.prompt || t("no_prompt");
  return (
    <Table.Tr>
      <Table.Td w={1}>
        <button type="button" className={styles.images} tabIndex={-1} aria-hidden="true" onClick={onOpen}>
          {item.images.map((image) => (
            <img
              key={image.letter}
              src={image.thumbnail_url}
              alt=""
              loading="lazy"
              title={[image.generator, ...metaWords(image.meta)].filter(Boolean).join(" · ")}
            />
          ))}
        </button>
      </Table.Td>
      <Table.Td>
        <UnstyledButton
          className={styles.open ?? ""}
          aria-label={t("open_item", { prompt })}
          onClick={onOpen}
        >
          <Text size="sm" fw={550} lineClamp={2}>
            {prompt}
          </Text>
        </UnstyledButton>
        <Text size="xs" c="dimmed" truncate maw={420}>
          {[item.key, ...metaWords(item.meta)].join(" · ")}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" lineClamp={2} maw={180}>
          {item.batch_name}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <StateBadge state={item.state} />
          <Tags item={item} />
        </Group>
      </Table.Td>
      <Table.Td ta="right" className={styles.number ?? ""}>
        {t("answers_of", { count: item.answers, overlap: format.integer(item.overlap) })}
      </Table.Td>
      <Table.Td w={150}>
        <Width value={item.disagreement} />
      </Table.Td>
    </Table.Tr>
  );
}

function Tags({ item }: { item: ListedItem }) {
  const { t } = useTranslation("items");
  const tags = [
    item.sampled ? t("tag.sampled") : null,
    item.overridden ? t("tag.overridden") : null,
    item.extra_votes > 0 ? t("tag.extra_votes", { count: item.extra_votes }) : null,
  ].filter((tag) => tag !== null);
  if (tags.length === 0) return null;
  return (
    <Text size="xs" c="dimmed">
      {tags.join(" · ")}
    </Text>
  );
}
