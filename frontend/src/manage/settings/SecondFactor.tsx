import { Badge, Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { meQuery } from "@/api/queries";
import { OnceShown } from "@/manage/parts/OnceShown";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { AskPassword } from "./AskPassword";
import { Enrol } from "./Enrol";

type Asking = "begin" | "renew" | "remove" | null;

/** The second factor of a password: off, being set up, on. */
export function SecondFactor({ ways }: { ways: Schemas["MyWaysIn"] }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const [enrolment, setEnrolment] = useState<Schemas["Enrolment"] | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const since = ways.second_factor_since;

  // With the person: what is due of them may have changed.
  const refresh = () => client.invalidateQueries({ queryKey: meQuery.queryKey });
  const show = (made: Schemas["RecoveryCodes"]) => {
    setEnrolment(null);
    setCodes(made.codes);
  };
  const done = () => {
    setCodes(null);
    void refresh();
  };
  const act = {
    begin: async (password: string) =>
      setEnrolment(await answer(server.POST("/me/second-factor", { body: { password } }))),
    renew: async (password: string) =>
      show(await answer(server.POST("/me/second-factor/recovery-codes", { body: { password } }))),
    remove: async (password: string) => {
      await server.POST("/me/second-factor/remove", { body: { password } });
      await refresh();
    },
  };

  return (
    <Section title={t("factor.title")} note={t("factor.note")}>
      {codes !== null ? (
        <OnceShown
          title={t("factor.codes_title")}
          note={t("factor.codes_note")}
          secret={codes.join("\n")}
          onDismiss={done}
        />
      ) : enrolment !== null ? (
        <Enrol enrolment={enrolment} onDone={show} onClose={() => setEnrolment(null)} />
      ) : asking !== null ? (
        <AskPassword
          key={asking}
          label={t(`factor.${asking}_yes`)}
          danger={asking === "remove"}
          onPassword={act[asking]}
          onClose={() => setAsking(null)}
        />
      ) : since === null ? (
        <Group>
          <Button onClick={() => setAsking("begin")}>{t("factor.begin")}</Button>
        </Group>
      ) : (
        <IsOn since={since} left={ways.recovery_codes} onAsk={setAsking} />
      )}
    </Section>
  );
}

interface IsOnProps {
  since: string;
  left: number;
  onAsk: (asking: Asking) => void;
}

function IsOn({ since, left, onAsk }: IsOnProps) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  return (
    <>
      <Group gap="sm">
        <Badge color="teal">
          {t("factor.on")}
        </Badge>
        <Text size="sm">{t("factor.since", { date: format.date(since) })}</Text>
        <Text size="sm" c={left === 0 ? "red.8" : "dimmed"}>
          {t("factor.codes_left", { count: left })}
        </Text>
      </Group>
      <Group gap="sm">
        <Button variant="default" onClick={() => onAsk("renew")}>
          {t("factor.renew")}
        </Button>
        <Button variant="default" onClick={() => onAsk("remove")}>
          {t("factor.remove")}
        </Button>
      </Group>
    </>
  );
}
