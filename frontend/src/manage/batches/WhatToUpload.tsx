import { Code, Collapse, List, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "@/i18n/useTranslation";

import styles from "./WhatToUpload.module.css";

const ITEM = '{"prompt": "a red cube", "images": [{"file": "a.png", "generator": "m1"}, …]}';
const NAMED = '{"file": "lake://cats/1.png", …}';
const FLAT = '{"file": "a.png", "prompt": "a red cube", "generator": "m1"}';

export function WhatToUpload() {
  const { t } = useTranslation("manage");
  const { t: ofSources } = useTranslation("sources");
  const { t: ofDatasets } = useTranslation("datasets");
  const [open, { toggle }] = useDisclosure(false);
  return (
    <div>
      <UnstyledButton className={styles.what ?? ""} aria-expanded={open} onClick={toggle}>
        {open ? "▾" : "▸"} {t("batches.what")}
      </UnstyledButton>
      <Collapse expanded={open}>
        <List size="sm" spacing={6} mt="xs">
          <List.Item>{t("batches.what_zip")}</List.Item>
          <List.Item>
            {t("batches.what_item", { example: "" })}
            <Code>{ITEM}</Code>
          </List.Item>
          <List.Item>
            {t("batches.what_flat", { example: "" })}
            <Code>{FLAT}</Code>
          </List.Item>
          <List.Item>
            {ofSources("what")} <Code>{NAMED}</Code>
          </List.Item>
          <List.Item>{ofDatasets("what")}</List.Item>
          <List.Item>
            <Text size="sm">{t("batches.what_limits")}</Text>
          </List.Item>
        </List>
      </Collapse>
    </div>
  );
}
