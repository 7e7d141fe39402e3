import { Button, Group, Select, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { useQuestionTitles } from "@/manage/exports/useQuestionTitles";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Section } from "@/manage/parts/Section";
import { Empty, Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import { RatingsTable } from "./Ratings";
import { trainHead, type Votes } from "./queries";
import { useChange } from "./useChange";

interface Props {
  votes: Votes;
  /** There is a model already. */
  trained: boolean;
  /** One is in training. */
  busy: boolean;
}

/** What there is to learn from, and the button. */
export function Train({ votes, trained, busy }: Props) {
  const { t } = useTranslation("rewards");
  const project = useProject();
  const reason = useReason();
  const format = useFormat();
  const here = votes.networks.filter(({ reasons }) => reasons.length === 0);
  const [network, setNetwork] = useState(here[0]?.name ?? null);
  const train = useChange(() => trainHead(project.id, network ?? ""));
  if (votes.reason !== null && votes.dimensions.every(({ pairs }) => pairs === 0) && votes.ratings.every(({ images }) => images === 0)) {
    return (
      <Section title={t("start.title")}>
        <Empty
          title={t(votes.dimensions.length + votes.ratings.length === 0 ? "start.never_title" : "start.none_title")}
          action={
            <Button component={Link} to={`/projects/${project.id}/items`} variant="default" size="xs">
              {t("start.to_items")}
            </Button>
          }
        >
          {reason(votes.reason)}
        </Empty>
      </Section>
    );
  }
  const missing = votes.networks[0]?.reasons[0];
  return (
    <Section title={t("start.title")} note={`${t("start.note")} ${t("start.needs", { least: format.integer(votes.least) })}`}>
      {votes.dimensions.length > 0 && <VotesTable votes={votes} />}
      {votes.ratings.length > 0 && <RatingsTable ratings={votes.ratings} />}
      {votes.reason !== null && <Text size="sm">{reason(votes.reason)}</Text>}
      {network === null && missing && <Text size="sm">{reason(missing)}</Text>}
      <Group align="flex-end" gap="md">
        {here.length > 1 && (
          <Select
            label={t("start.network")}
            size="xs"
            w={300}
            allowDeselect={false}
            value={network}
            onChange={setNetwork}
            data={votes.networks.map(({ name, title, reasons }) => ({
              value: name,
              label: reasons.length === 0 ? title : t("start.not_here", { title }),
              disabled: reasons.length > 0,
            }))}
          />
        )}
        <Button
          loading={train.isPending}
          disabled={votes.reason !== null || network === null || busy}
          variant={trained ? "default" : "filled"}
          onClick={() => train.mutate()}
        >
          {t(trained ? "start.again" : "start.train")}
        </Button>
      </Group>
      {train.error && <Failed error={train.error} />}
    </Section>
  );
}

function VotesTable({ votes }: { votes: Votes }) {
  const { t } = useTranslation("rewards");
  const title = useQuestionTitles();
  const format = useFormat();
  return (
    <Table w="auto" style={{ alignSelf: "flex-start" }} horizontalSpacing="md" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("start.question")}</Table.Th>
          <Table.Th ta="right">{t("start.votes")}</Table.Th>
          <Table.Th ta="right">{t("start.pairs")}</Table.Th>
          <Table.Th ta="right">{t("start.prompts")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {votes.dimensions.map((one) => (
          <Table.Tr key={one.dimension}>
            <Table.Th scope="row" fw={400}>
              {title(one.dimension)}
            </Table.Th>
            <Table.Td ta="right">{format.integer(one.votes)}</Table.Td>
            <Table.Td ta="right">{format.integer(one.pairs)}</Table.Td>
            <Table.Td ta="right">{format.integer(one.prompts)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
