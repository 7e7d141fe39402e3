import { Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { Failed } from "@/manage/parts/states";

import styles from "./Enrol.module.css";

interface Props {
  enrolment: Schemas["Enrolment"];
  onDone: (codes: Schemas["RecoveryCodes"]) => void;
  onClose: () => void;
}

/** The secret for the app, as an image and to type; then the app's first code. */
export function Enrol({ enrolment, onDone, onClose }: Props) {
  const { t } = useTranslation("manage");
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => answer(server.POST("/me/second-factor/confirm", { body: { code } })),
    onSuccess: onDone,
    onError: () => setCode(""),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={submit} className={styles.enrol}>
      <img src={enrolment.qr} alt={t("factor.qr")} className={styles.qr} />
      <Stack gap="sm">
        <Text size="sm">{t("factor.scan")}</Text>
        <div>
          <Text size="xs" c="dimmed">
            {t("factor.type")}
          </Text>
          <Code fz="sm" className={styles.secret} data-testid="secret">
            {enrolment.secret.replace(/(.{4})(?=.)/g, "$1 ")}
          </Code>
        </div>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("factor.first_code")}
            value={code}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={10}
            w={170}
            autoFocus
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ""}>
            {t("factor.confirm")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
        {confirm.isError && <Failed error={confirm.error} />}
      </Stack>
    </form>
  );
}
