import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { myWaysInQuery, useMe } from "@/api/queries";
import { Frame } from "@/manage/frame/Frame";
import { Notice } from "@/manage/parts/Notice";
import { PageHead } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";

import { Connection } from "./Connection";
import { Password } from "./Password";
import { Person } from "./Person";
import { SecondFactor } from "./SecondFactor";
import { Tokens } from "./Tokens";

export function Settings() {
  const { t } = useTranslation("manage");
  const due = useMe().second_factor_due;
  const ways = useQuery(myWaysInQuery);
  return (
    <Frame>
      <PageHead title={t("settings.title")} />
      <Stack gap="md" maw={760}>
        {due && (
          <Notice color="yellow" title={t("factor.due_title")} role="alert">
            {t("factor.due")}
          </Notice>
        )}
        {!due && <Person />}
        <Loaded query={ways}>
          {(mine) => (
            <>
              {mine.password && !due && <Password />}
              {mine.password && <SecondFactor ways={mine} />}
              {!due && <Connection connected={mine.connected} />}
            </>
          )}
        </Loaded>
        {!due && <Tokens />}
      </Stack>
    </Frame>
  );
}
