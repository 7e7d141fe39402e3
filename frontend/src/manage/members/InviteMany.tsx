import { Button, Group, NumberInput, Select, Stack, Table, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { csvText } from "@/manage/csv";
import { CopyButton } from "@/manage/parts/CopyButton";
import { Notice } from "@/manage/parts/Notice";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { invitationsQuery } from "@/manage/queries";

import { isSame, repeated } from "./notes";
import { ROLES } from "./roles";

const MOST = 200;

/** A link for each line that says whom it is for. */
export function InviteMany({ project }: { project: number }) {
  const { t } = useTranslation("annotators");
  const words = useTranslation("manage").t;
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [role, setRole] = useState<Schemas["Role"]>("annotator");
  const [days, setDays] = useState(7);
  const notes = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const { data: invitations = [] } = useQuery(invitationsQuery(project));
  const open = invitations.filter(({ used_at }) => used_at === null).map(({ note }) => note);
  const twice = repeated(notes);
  const again = notes.filter((note) => open.some((one) => isSame(one, note)));
  const wrong =
    notes.length > MOST
      ? t("many.too_many")
      : twice.length > 0
        ? t("many.twice", { names: twice.join(", ") })
        : undefined;
  const make = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/invitations/many", {
          params: { path: { project_id: project } },
          body: { role, expires_in_days: days, notes },
        }),
      ),
    onSuccess: async () => {
      setText("");
      await client.invalidateQueries({ queryKey: invitationsQuery(project).queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Section title={t("many.title")} note={t("many.note")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Textarea
            label={t("many.notes")}
            placeholder={t("many.placeholder")}
            autosize
            minRows={3}
            maxRows={14}
            value={text}
            error={wrong}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group align="flex-end" gap="sm">
            <Select
              label={t("many.role")}
              value={role}
              w={180}
              allowDeselect={false}
              data={ROLES.map((value) => ({ value, label: words(`members.roles.${value}`) }))}
              onChange={(value) => setRole(value ?? "annotator")}
            />
            <NumberInput
              label={words("members.days")}
              value={days}
              min={1}
              max={90}
              w={150}
              allowDecimal={false}
              onChange={(value) => setDays(Math.max(1, Number(value)))}
            />
            <Button
              type="submit"
              loading={make.isPending}
              disabled={notes.length === 0 || wrong !== undefined}
            >
              {notes.length === 0 ? t("many.make_none") : t("many.make", { count: notes.length })}
            </Button>
          </Group>
          {again.length > 0 && (
            <Text size="sm" c="dimmed" role="status">
              {t("many.again", { names: again.join(", ") })}
            </Text>
          )}
          {make.isError && <Failed error={make.error} />}
          {make.data && <Made links={make.data} onDismiss={() => make.reset()} />}
        </Stack>
      </form>
    </Section>
  );
}

interface MadeProps {
  links: readonly Schemas["MadeInvitation"][];
  onDismiss: () => void;
}

function Made({ links, onDismiss }: MadeProps) {
  const { t } = useTranslation("annotators");
  const expires = useTranslation("manage").t("members.expires");
  const format = useFormat();
  const address = (url: string) => new URL(url, window.location.origin).href;
  const csv = () =>
    csvText(
      ["for", "role", "link", "expires_at"],
      links.map((one) => [one.note, one.role, address(one.url), one.expires_at]),
    );
  return (
    <Notice color="gray" title={t("many.made_title")} role="status">
      <Stack gap="xs">
        <Text size="sm">{t("many.made")}</Text>
        <Table.ScrollContainer type="native" minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("many.for")}</Table.Th>
                <Table.Th>{t("many.link")}</Table.Th>
                <Table.Th>{expires}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {links.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{one.note}</Table.Td>
                  <Table.Td>
                    <Text span size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                      {address(one.url)}
                    </Text>
                  </Table.Td>
                  <Table.Td>{format.date(one.expires_at)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Group gap="xs">
          <CopyButton label={t("many.copy")} text={csv} />
          <Button size="compact-sm" variant="default" onClick={onDismiss}>
            {t("many.done")}
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}
