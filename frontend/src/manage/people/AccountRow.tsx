import { Badge, Button, Menu, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useMe } from "@/api/queries";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import type { What } from "./AccountDialog";
import styles from "./AccountRow.module.css";
import type { Account } from "./queries";

const ROLES_AT_FIRST = 3;

interface Props {
  account: Account;
  onDo: (what: What) => void;
}

export function AccountRow({ account, onDo }: Props) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { is_active: active, last_seen: seen } = account;
  return (
    <Table.Tr className={active ? undefined : styles.closed}>
      <Table.Td>
        <Name account={account} />
      </Table.Td>
      <Table.Td>
        <Ways account={account} />
      </Table.Td>
      <Table.Td>
        <Roles account={account} />
      </Table.Td>
      <Table.Td>{seen === null ? t("never") : format.dateTime(seen)}</Table.Td>
      <Table.Td>
        <div>{t("people.sessions", { count: account.sessions })}</div>
        <Text size="xs" c="dimmed">
          {t("people.tokens", { count: account.tokens })}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Actions account={account} onDo={onDo} />
      </Table.Td>
    </Table.Tr>
  );
}

function Name({ account }: { account: Account }) {
  const { t } = useTranslation("manage");
  const me = useMe();
  return (
    <>
      <div className={styles.name}>
        <span>{account.display_name || account.username}</span>
        {account.id === me.id && <Mark color="teal">{t("members.you")}</Mark>}
        {account.can_create_projects && <Mark color="gray">{t("people.lead")}</Mark>}
        {!account.is_active && <Mark color="red">{t("people.closed")}</Mark>}
      </div>
      <Text size="xs" c="dimmed">
        {account.username}
      </Text>
    </>
  );
}

function Mark({ color, children }: { color: string; children: string }) {
  return (
    <Badge size="sm" color={color}>
      {children}
    </Badge>
  );
}

function Ways({ account }: { account: Account }) {
  const { t } = useTranslation("manage");
  const { password, connected, second_factor: factor } = account;
  return (
    <Stack gap={0}>
      {connected && <span>{t("people.by_provider")}</span>}
      {password && (
        <span>{factor ? t("people.by_password_and_code") : t("people.by_password")}</span>
      )}
      {!connected && !password && <Text size="sm">{t("people.no_way")}</Text>}
    </Stack>
  );
}

/** The first few; a person may be in dozens of projects. */
function Roles({ account: { roles } }: { account: Account }) {
  const { t } = useTranslation("manage");
  if (roles.length === 0) return <Text size="sm">{t("people.no_roles")}</Text>;
  const more = roles.slice(ROLES_AT_FIRST);
  return (
    <>
      <RoleList roles={roles.slice(0, ROLES_AT_FIRST)} />
      {more.length > 0 && (
        <details>
          <summary className={styles.more}>{t("people.more_roles", { count: more.length })}</summary>
          <RoleList roles={more} />
        </details>
      )}
    </>
  );
}

function RoleList({ roles }: Pick<Account, "roles">) {
  const { t } = useTranslation("manage");
  // What a lead is no member of is not there for them.
  const mine = new Set(useMe().projects.map(({ id }) => id));
  return (
    <ul className={styles.roles}>
      {roles.map(({ project, project_id: id, role, by_group: byGroup }) => (
        <li key={`${id}-${role}`}>
          {mine.has(id) ? <Link to={`/projects/${id}`}>{project}</Link> : project}, {t(`members.roles.${role}`)}
          {byGroup && <span className={styles.source}> {t("people.by_group")}</span>}
        </li>
      ))}
    </ul>
  );
}

function Actions({ account, onDo }: Props) {
  const { t } = useTranslation("manage");
  const own = account.id === useMe().id;
  const actions: { what: What; on: boolean }[] = [
    { what: "end_sessions", on: account.sessions > 0 },
    { what: "reset_second_factor", on: account.second_factor && !own },
    { what: "deactivate", on: account.is_active && !own },
    { what: "activate", on: !account.is_active },
  ];
  const offered = actions.filter(({ on }) => on);
  if (offered.length === 0) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${t("members.actions")}: ${account.username}`}
        >
          {t("members.actions")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map(({ what }) => (
          <Menu.Item
            key={what}
            {...(what === "deactivate" ? { color: "red.9" } : {})}
            onClick={() => onDo(what)}
          >
            {t(`people.${what}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
