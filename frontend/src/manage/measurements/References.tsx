import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { server } from "@/api/client";
import { Confirm } from "@/manage/parts/Confirm";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { Hash } from "./ImageDialog";
import { NewReference } from "./NewReference";
import { type Metric, type Reference, referencesQuery, setsQuery } from "./queries";
import { referencesCsv } from "./sets";
import { useReferenceName } from "./useReferenceName";

interface Props {
  references: readonly Reference[];
  metrics: readonly Metric[];
  project: number;
}

/** What sets can be compared with: statistics brought along, and the project's own references. */
export function References({ references, metrics, project }: Props) {
  const { t } = useTranslation("metrics");
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Reference | null>(null);
  return (
    <Section
      title={t("references.title")}
      note={t("references.note")}
      actions={
        <Group gap="xs" wrap="nowrap">
          {references.length > 0 && (
            <SaveMenu
              title={t("references.title")}
              name={`references-${project}`}
              tables={{ csv: () => referencesCsv(references) }}
            />
          )}
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
            {t("references.add")}
          </Button>
        </Group>
      }
    >
      {references.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("references.empty")}
        </Text>
      ) : (
        <List references={references} onRemove={setRemoving} />
      )}
      {adding && <NewReference metrics={metrics} project={project} onClose={() => setAdding(false)} />}
      {removing && (
        <Remove reference={removing} project={project} onClose={() => setRemoving(null)} />
      )}
    </Section>
  );
}

interface ListProps {
  references: readonly Reference[];
  onRemove: (one: Reference) => void;
}

function List({ references, onRemove }: ListProps) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const nameOf = useReferenceName();
  return (
    <Table.ScrollContainer type="native" minWidth={620}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("references.name")}</Table.Th>
            <Table.Th>{t("provenance.network")}</Table.Th>
            <Table.Th ta="right">n</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>{t("references.added")}</Table.Th>
            <Table.Th aria-label={t("references.actions")} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {references.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                {nameOf(one)}{" "}
                {one.zero_shot && (
                  <Badge size="sm" color="gray">
                    {t("sets.zero_shot")}
                  </Badge>
                )}
                {one.source === "statistics" && (
                  <Text size="xs" c="dimmed">
                    {t("references.kind_statistics")}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{one.network || t("value.absent")}</Table.Td>
              <Table.Td ta="right">
                {one.n === null ? t("references.n_unknown") : format.integer(one.n)}
              </Table.Td>
              <Table.Td>
                {one.sha256 === "" ? t("value.absent") : <Hash sha256={one.sha256} />}
              </Table.Td>
              <Table.Td>{format.date(one.created_at)}</Table.Td>
              <Table.Td>
                {one.source === "statistics" && (
                  <Group gap={6} justify="flex-end" wrap="nowrap">
                    <Button
                      size="compact-xs"
                      variant="default"
                      component="a"
                      href={`/api/v1/references/${one.id}/statistics.npz`}
                      download
                      aria-label={t("references.download", { name: one.name })}
                    >
                      .npz
                    </Button>
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t("references.remove", { name: one.name })}
                      onClick={() => onRemove(one)}
                    >
                      {t("references.remove_short")}
                    </Button>
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RemoveProps {
  reference: Reference;
  project: number;
  onClose: () => void;
}

function Remove({ reference, project, onClose }: RemoveProps) {
  const { t } = useTranslation("metrics");
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      server.DELETE("/references/{reference_id}", {
        params: { path: { reference_id: reference.id } },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: referencesQuery(project).queryKey });
      await client.invalidateQueries({ queryKey: setsQuery(project).queryKey });
      onClose();
    },
  });
  return (
    <Confirm
      title={t("references.remove_title", { name: reference.name })}
      text={t("references.remove_text")}
      yes={t("references.remove_short")}
      busy={remove.isPending}
      error={remove.error}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
