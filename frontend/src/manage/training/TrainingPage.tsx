import { Anchor, Badge, Button, Group, NumberInput, Stack, Switch, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { ItemCell } from "@/manage/parts/ItemCell";
import { PageHead, Section } from "@/manage/parts/Section";
import { Failed, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { projectQuery } from "@/manage/queries";
import { Link } from "@/ui/Link";

import { trainingKey, trainingQuery, type TrainingReport } from "./queries";

/** The training set, whether it gates the work, and who passed it. */
export function TrainingPage() {
  const { t } = useTranslation("training");
  const project = useProject();
  const query = useQuery(trainingQuery(project.id));
  return (
    <>
      <PageHead title={t("title")} />
      <Text size="sm" mb="md" maw="80ch">
        {t("intro")}
      </Text>
      <Loaded query={query} rows={5}>
        {(found) => (
          <Stack gap="md">
            <Rule project={project} />
            <SetItems project={project.id} items={found.items} />
            <People people={found.people} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function Rule({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("training");
  const client = useQueryClient();
  const [required, setRequired] = useState(project.training_required);
  const [percent, setPercent] = useState(Math.round(100 * project.training_pass));
  const save = useMutation({
    mutationFn: () =>
      answer(
        server.PATCH("/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: { training_required: required, training_pass: percent / 100 },
        }),
      ),
    onSuccess: async (saved) => {
      client.setQueryData(projectQuery(project.id).queryKey, saved);
      await client.invalidateQueries({ queryKey: trainingKey(project.id) });
    },
  });
  return (
    <Section title={t("rule.title")}>
      <Group align="flex-end" gap="lg">
        <NumberInput
          label={t("rule.pass")}
          value={percent}
          min={0}
          max={100}
          w={160}
          allowDecimal={false}
          onChange={(value) => setPercent(Number(value))}
        />
        <Switch
          label={t("rule.required")}
          checked={required}
          mb={8}
          onChange={(event) => setRequired(event.currentTarget.checked)}
        />
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
          {t("rule.save")}
        </Button>
        {save.isSuccess && (
          <Text size="sm" role="status">
            {t("rule.saved")}
          </Text>
        )}
      </Group>
      {save.isError && <Failed error={save.error} />}
    </Section>
  );
}

function SetItems({ project, items }: { project: number; items: TrainingReport["items"] }) {
  const { t } = useTranslation("training");
  const list = `/projects/${project}/items`;
  return (
    <Section title={t("items.title")}>
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
              <Table.Th>{t("item.note")}</Table.Th>
              <Table.Th w={140}>{t("items.right")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.item}>
                <Table.Td>
                  <ItemCell
                    thumbnails={one.thumbnail_urls}
                    words={one.prompt || t("items.no_prompt")}
                    to={`${list}?item=${one.item}`}
                  >
                    {!one.known && (
                      <Badge color="orange.9">
                        {t("items.asked_again")}
                      </Badge>
                    )}
                  </ItemCell>
                </Table.Td>
                <Table.Td>{one.note || "–"}</Table.Td>
                <Table.Td>{t("items.right_of", { right: one.right, of: one.answered })}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function People({ people }: { people: TrainingReport["people"] }) {
  const { t } = useTranslation("training");
  const format = useFormat();
  return (
    <Section title={t("people.title")}>
      {people.length === 0 ? (
        <Text size="sm">{t("people.empty")}</Text>
      ) : (
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("people.name")}</Table.Th>
              <Table.Th>{t("people.attempts")}</Table.Th>
              <Table.Th>{t("people.best")}</Table.Th>
              <Table.Th>{t("people.passed")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>{one.name}</Table.Td>
                <Table.Td>{one.attempts}</Table.Td>
                <Table.Td>
                  {one.right === null || one.of === null
                    ? "–"
                    : t("items.right_of", { right: one.right, of: one.of })}
                </Table.Td>
                <Table.Td>
                  {one.passed_at === null ? t("people.not_yet") : format.dateTime(one.passed_at)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
