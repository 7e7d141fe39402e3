import { Button, Code, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { copyText } from "./copy";
import { Notice } from "./Notice";

interface Props {
  title: string;
  note: string;
  secret: string;
  onDismiss: () => void;
}

/** A link or token that the server will never show again, with a way to copy it. */
export function OnceShown({ title, note, secret, onDismiss }: Props) {
  const { t } = useTranslation("manage");
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => setCopied(await copyText(secret));
  return (
    <Notice color="gray" title={title} role="status">
      <Stack gap="xs">
        <Text size="sm">{note}</Text>
        <Code block fz="sm" data-testid="once-shown">
          {secret}
        </Code>
        <Group gap="xs">
          <Button size="xs" onClick={() => void copy()} data-autofocus>
            {copied === true ? t("copied") : t("copy")}
          </Button>
          <Button size="xs" variant="default" onClick={onDismiss}>
            {t("done_copying")}
          </Button>
          {copied === false && (
            <Text size="xs" c="red.8">
              {t("copy_refused")}
            </Text>
          )}
        </Group>
      </Stack>
    </Notice>
  );
}
