import { Anchor, Badge, Button, Group, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { ItemCell } from "@/manage/parts/ItemCell";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { Link } from "@/ui/Link";

import { goldKey, type GoldReport, retireGold } from "./queries";
import { Share } from "./Share";
import { itemsCsv } from "./tables";

interface Props {
  project: number;
  items: GoldReport["items"];
}

/** The items whose answer is known, suspect ones first, each with how people did on it. */
export function GoldItems({ project, items }: Props) {
  const { t } = useTranslation("gold");
  const client = useQueryClient();
  const retire = useMutation({
    mutationFn: (gold: number) => retireGold(project, gold),
    onSettled: () => client.invalidateQueries({ queryKey: goldKey(project) }),
  });
  const list = `/projects/${project}/items`;
  return (
    <Section
      title={t("items.title")}
      note={t("items.note")}
      actions={
        items.length > 0 && (
          <SaveMenu
            title={t("items.title")}
            name={`known-answers-${project}`}
            tables={{ csv: () => itemsCsv(items) }}
          />
        )
      }
    >
      {items.length === 0 ? (
        <Text size="sm">
          {t("items.empty")}{" "}
          <Anchor component={Link} to={`${list}?state=settled`} size="sm" underline="always">
            {t("items.to_items")}
          </Anchor>
        </Text>
      ) : (
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("items.prompt")}</Table.Th>
              <Table.Th w={200}>{t("items.passed")}</Table.Th>
              <Table.Th w={280} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <ItemCell
                    thumbnails={one.thumbnail_urls}
                    words={one.prompt || t("items.no_prompt")}
                    to={one.source === null ? null : `${list}?item=${one.source}`}
                  />
                </Table.Td>
                <Table.Td>
                  <Share of={one.passed} reference={0.5} />
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    {one.suspect && (
                      <Badge color="orange.9" title={t("items.suspect_help")}>
                        {t("items.suspect")}
                      </Badge>
                    )}
                    {one.retired_at === null ? (
                      <Button
                        size="compact-sm"
                        variant="default"
                        title={t("items.retire_help")}
                        loading={retire.isPending && retire.variables === one.id}
                        onClick={() => retire.mutate(one.id)}
                      >
                        {t("items.retire")}
                      </Button>
                    ) : (
                      <Badge color="gray">
                        {t("items.retired")}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {retire.isError && <Failed error={retire.error} />}
    </Section>
  );
}
