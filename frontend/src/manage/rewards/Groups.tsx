import { Table, Text } from "@mantine/core";
import { useReason } from "@/i18n/reason";
import { useTranslation } from "@/i18n/useTranslation";

import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { useEstimates } from "./estimates";
import { groupsCsv } from "./groupsCsv";
import type { DimensionReport, Estimate, GroupAccuracy } from "./queries";

/** How often the model and one person are right, by prompts' category and by pair of generators. */
export function Groups({ found }: { found: DimensionReport }) {
  const { t } = useTranslation("rewards");
  const { categories, generators } = found.report;
  if (generators.length === 0) return null;
  return (
    <Section
      title={t("report.groups")}
      note={t("report.groups_note")}
      actions={
        <SaveMenu
          title={t("report.groups")}
          name={`reward-model-groups-${found.dimension}`}
          tables={{ csv: () => groupsCsv(found) }}
        />
      }
    >
      {categories.length > 0 ? (
        <Shares title={t("report.category")} groups={categories} />
      ) : (
        <Text size="sm" c="dimmed">
          {t("report.no_categories")}
        </Text>
      )}
      <Shares title={t("report.generators")} groups={generators} />
    </Section>
  );
}

function Shares({ title, groups }: { title: string; groups: readonly GroupAccuracy[] }) {
  const { t } = useTranslation("rewards");
  const format = useFormat();
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table aria-label={title} className="numbers" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{title}</Table.Th>
            <Table.Th ta="right">{t("start.prompts")}</Table.Th>
            <Table.Th ta="right">{t("start.votes")}</Table.Th>
            <Table.Th>{t("report.model")}</Table.Th>
            <Table.Th>{t("report.person")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ names, prompts, accuracy, person }) => (
            <Table.Tr key={JSON.stringify(names)}>
              <Table.Th scope="row" fw={400}>
                {names.map((name) => name || t("report.not_named")).join(" / ")}
              </Table.Th>
              <Table.Td ta="right">{format.integer(prompts)}</Table.Td>
              <Table.Td ta="right">{format.integer(accuracy.n)}</Table.Td>
              <Share of={accuracy} />
              <Share of={person} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Share({ of }: { of: Estimate }) {
  const { t } = useTranslation("rewards");
  const { shareOf, between } = useEstimates();
  const reason = useReason();
  return (
    <Table.Td title={of.no_interval ? reason(of.no_interval) : undefined}>
      {of.interval === null
        ? shareOf(of)
        : t("report.share_between", { share: shareOf(of), interval: between(of) })}
    </Table.Td>
  );
}
