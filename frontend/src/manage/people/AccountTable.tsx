import { Table } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { AccountDialog, type Doing } from "./AccountDialog";
import { AccountRow } from "./AccountRow";
import type { Account } from "./queries";

const COLUMNS = ["person", "ways", "roles", "last_seen", "open"] as const;

/** One row an account, and what a lead can do with it. */
export function AccountTable({ accounts }: { accounts: readonly Account[] }) {
  const { t } = useTranslation("manage");
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <Table.ScrollContainer type="native" minWidth={860}>
      <Table verticalSpacing="xs" fz="sm">
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => (
              <Table.Th key={column}>{t(`people.col_${column}`)}</Table.Th>
            ))}
            <Table.Th>
              <span className="visually-hidden">{t("members.actions")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accounts.map((account) => (
            <AccountRow
              key={account.id}
              account={account}
              onDo={(what) => setDoing({ what, account })}
            />
          ))}
        </Table.Tbody>
      </Table>
      {doing && <AccountDialog {...doing} onClose={() => setDoing(null)} />}
    </Table.ScrollContainer>
  );
}
