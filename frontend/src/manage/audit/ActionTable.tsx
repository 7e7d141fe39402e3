import { Anchor, Table, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import styles from "./ActionTable.module.css";
import { placeOf } from "./place";
import { useDetails } from "./useDetails";

type Action = Schemas["Action"];

interface Props {
  actions: readonly Action[];
  ofSite: boolean;
}

/** Each thing that somebody did, the newest first. */
export function ActionTable({ actions, ofSite }: Props) {
  const { t } = useTranslation("running");
  return (
    <Table.ScrollContainer type="native" minWidth={720} tabIndex={0}>
      <Table verticalSpacing={6} className={styles.table ?? ""}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("audit.when")}</Table.Th>
            <Table.Th>{t("audit.who")}</Table.Th>
            <Table.Th>{t("audit.what")}</Table.Th>
            {ofSite && <Table.Th>{t("audit.where")}</Table.Th>}
            <Table.Th>{t("audit.more_about")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {actions.map((action) => (
            <Row key={action.id} action={action} ofSite={ofSite} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ action, ofSite }: { action: Action; ofSite: boolean }) {
  const { t } = useTranslation("running");
  const { t: tActions } = useTranslation("actions");
  const format = useFormat();
  const details = useDetails();
  const { at, who, verb, details: found } = action;
  const place = placeOf(action);
  const text = tActions(`verbs.${verb}` as "verbs.batch.deleted");
  return (
    <Table.Tr>
      <Table.Td className={styles.when ?? ""}>{format.dateTime(at)}</Table.Td>
      <Table.Td>
        {who ? who.display_name || who.username : <Text span size="sm" c="dimmed">{t("audit.site")}</Text>}
      </Table.Td>
      <Table.Td>
        {place === null ? (
          text
        ) : (
          <Anchor component={Link} to={place} fz="sm" underline="always">
            {text}
          </Anchor>
        )}
      </Table.Td>
      {ofSite && <Table.Td>{<Where action={action} />}</Table.Td>}
      <Table.Td className={styles.details ?? ""}>{details(found).join(" · ")}</Table.Td>
    </Table.Tr>
  );
}

function Where({ action: { project, project_id: id } }: { action: Action }) {
  const { t } = useTranslation("running");
  if (id === null) return null;
  if (project === null) {
    return (
      <Text span size="sm" c="dimmed">
        {t("audit.gone", { id })}
      </Text>
    );
  }
  return (
    <Anchor component={Link} to={`/projects/${id}`} fz="sm">
      {project}
    </Anchor>
  );
}
