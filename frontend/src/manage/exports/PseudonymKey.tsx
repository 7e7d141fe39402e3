import { Button, Group, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { csvText } from "@/manage/csv";
import { saveText } from "@/manage/parts/saveText";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";

type Named = Schemas["NamedPseudonym"];

/** Whose the pseudonyms are: asked for by a press, never by itself, for each look is noted. */
export function PseudonymKey({ project }: { project: number }) {
  const { t } = useTranslation("running");
  const key = useMutation({
    mutationFn: () =>
      answer(server.GET("/projects/{project_id}/pseudonyms", { params: { path: { project_id: project } } })),
  });
  const people = key.data?.people;
  return (
    <Section
      title={t("key.title")}
      note={t("key.note")}
      actions={
        people === undefined ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={key.isPending}
            style={{ flexShrink: 0 }}
            onClick={() => key.mutate()}
          >
            {t("key.show")}
          </Button>
        ) : (
          people.length > 0 && <Download project={project} people={people} />
        )
      }
    >
      {key.isError && <Failed error={key.error} />}
      {people?.length === 0 && <Text size="sm">{t("key.empty")}</Text>}
      {people !== undefined && people.length > 0 && <People people={people} />}
    </Section>
  );
}

function Download({ project, people }: { project: number; people: readonly Named[] }) {
  const { t } = useTranslation("running");
  const save = () =>
    saveText(
      csvText(
        ["pseudonym", "role", "user_id", "username", "display_name"],
        people.map((one) => [one.pseudonym, one.role, one.user_id, one.username, one.display_name]),
      ),
      `pseudonyms-${project}.csv`,
      "text/csv",
    );
  return (
    <Group wrap="nowrap">
      <Button size="compact-sm" variant="default" onClick={save}>
        {t("key.csv")}
      </Button>
    </Group>
  );
}

function People({ people }: { people: readonly Named[] }) {
  const { t } = useTranslation("running");
  const { t: tApp } = useTranslation("app");
  return (
    <Table.ScrollContainer type="native" minWidth={480}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("key.pseudonym")}</Table.Th>
            <Table.Th>{t("key.role")}</Table.Th>
            <Table.Th>{t("key.username")}</Table.Th>
            <Table.Th>{t("key.name")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((one) => (
            <Table.Tr key={one.pseudonym}>
              <Table.Td ff="monospace">{one.pseudonym}</Table.Td>
              <Table.Td>{tApp(`roles.${one.role}`)}</Table.Td>
              <Table.Td>{one.username}</Table.Td>
              <Table.Td>{one.display_name}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
