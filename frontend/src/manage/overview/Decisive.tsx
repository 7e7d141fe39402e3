import { Anchor, Text } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import type { Board } from "./boards";

interface Props {
  board: Board;
  project: number;
}

/** How few votes decide who is first, with links to their items. */
export function Decisive({ board, project }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const { fragile } = board;
  if (fragile === null) return null;
  const name = (generator: string | null) => generator || t("unknown_generator");
  const first = name(fragile.first);
  const all = format.integer(board.votes);
  if (fragile.votes === null) {
    return <Text size="sm">{t("fragile.firm", { first, all, tried: format.integer(fragile.tried) })}</Text>;
  }
  const shown = fragile.items.reduce((sum, { votes }) => sum + votes, 0);
  return (
    <Text size="sm">
      {t("fragile.votes", { count: fragile.votes, all, first, next: name(fragile.next) })}{" "}
      {fragile.items.map(({ item, votes }, place) => (
        <Fragment key={item}>
          {place > 0 && " · "}
          <Anchor component={Link} to={`/projects/${project}/items?item=${item}`} fz="sm">
            {t("fragile.item", { number: place + 1, votes: format.integer(votes) })}
          </Anchor>
        </Fragment>
      ))}
      {shown < fragile.votes && ` ${t("fragile.more")}`}
    </Text>
  );
}
