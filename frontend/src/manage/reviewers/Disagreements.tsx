import { Anchor, Badge, Button, Group, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed } from "@/manage/parts/states";
import { Link } from "@/ui/Link";

import { OverrideVerdict } from "./OverrideVerdict";
import { type Agreement, type Disagreement, type Judged, upholdVerdict } from "./queries";

/** Where two reviewers differ: a lead overrides the first verdict, or lets it stand. */
export function Disagreements({ found, project }: { found: Agreement; project: number }) {
  const { t } = useTranslation("reviewers");
  const client = useQueryClient();
  const [judged, setJudged] = useState<Judged | null>(null);
  const uphold = useMutation({
    mutationFn: upholdVerdict,
    onSuccess: () => client.invalidateQueries({ queryKey: ["project", project] }),
  });
  if (found.disagreements.length === 0) return <Text size="sm">{t("disagreements_none")}</Text>;
  return (
    <>
      <Group gap="sm">
        <Text fw={600} size="sm">
          {t("disagreements")}
        </Text>
        {found.open > 0 && (
          <Badge color="orange">
            {t("open", { count: found.open })}
          </Badge>
        )}
      </Group>
      <Table.ScrollContainer type="native" minWidth={820}>
        <Table fz="sm" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("prompt")}</Table.Th>
              <Table.Th>{t("annotator")}</Table.Th>
              <Table.Th>{t("first")}</Table.Th>
              <Table.Th>{t("second")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.disagreements.map((one) => (
              <Table.Tr key={one.annotation}>
                <Table.Td maw={260}>
                  <Anchor component={Link} to={`/projects/${project}/items?item=${one.item}`} fz="sm" lineClamp={2}>
                    {one.prompt || one.item}
                  </Anchor>
                </Table.Td>
                <Table.Td>{one.annotator.name}</Table.Td>
                <Table.Td>{t("by", { verdict: t(one.first), name: one.first_by.name })}</Table.Td>
                <Table.Td>
                  {t("by", { verdict: t(one.second), name: one.second_by.name })}
                  {one.second_reason !== "" && (
                    <Text size="xs" c="dimmed">
                      “{one.second_reason}”
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Settle
                    one={one}
                    busy={uphold.isPending}
                    onUphold={() => uphold.mutate(one)}
                    onOverride={setJudged}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {uphold.isError && <Failed error={uphold.error} />}
      {judged && <OverrideVerdict project={project} judged={judged} onClose={() => setJudged(null)} />}
    </>
  );
}

interface SettleProps {
  one: Disagreement;
  busy: boolean;
  onUphold: () => void;
  onOverride: (judged: Judged) => void;
}

function Settle({ one, busy, onUphold, onOverride }: SettleProps) {
  const { t } = useTranslation("reviewers");
  const { review, annotation, annotator, stands, settled_by } = one;
  if (settled_by) {
    return (
      <Text size="xs" c="dimmed">
        {t("settled", { name: settled_by.name, verdict: t(stands ?? one.first) })}
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Button size="compact-xs" variant="default" disabled={busy} onClick={onUphold}>
        {t("uphold")}
      </Button>
      {stands && (
        <Button
          size="compact-xs"
          disabled={busy}
          onClick={() => onOverride({ review, annotation, name: annotator.name, stands })}
        >
          {t("override")}
        </Button>
      )}
    </Group>
  );
}
