import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Frame } from "@/manage/frame/Frame";
import { PageHead } from "@/manage/parts/Section";

import { Password } from "./Password";
import { Person } from "./Person";
import { Tokens } from "./Tokens";

export function Settings() {
  const { t } = useTranslation("manage");
  return (
    <Frame>
      <PageHead title={t("settings.title")} />
      <Stack gap="md" maw={760}>
        <Person />
        <Password />
        <Tokens />
      </Stack>
    </Frame>
  );
}
