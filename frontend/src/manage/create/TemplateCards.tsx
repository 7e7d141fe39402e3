import { Group, Radio, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";

import styles from "./TemplateCards.module.css";
import { Sketch } from "./Sketch";

interface Props {
  templates: readonly Schemas["Template"][];
  value: Schemas["TemplateName"];
  onChange: (name: Schemas["TemplateName"]) => void;
}

/** One card a template: a sketch of the desk, what people do, and what they are asked. */
export function TemplateCards({ templates, value, onChange }: Props) {
  const { t } = useTranslation("manage");
  return (
    <Radio.Group
      value={value}
      onChange={(name) => onChange(name)}
      aria-label={t("create.template")}
    >
      <div className={styles.cards}>
        {templates.map((template) => (
          <Card key={template.name} template={template} />
        ))}
      </div>
    </Radio.Group>
  );
}

function Card({ template }: { template: Schemas["Template"] }) {
  const { t } = useTranslation("manage");
  const { t: tApp } = useTranslation("app");
  const { title } = useQuestionText(template.name, template.images.max);
  const { min, max } = template.images;
  return (
    <Radio.Card value={template.name} className={styles.card ?? ""} aria-label={tApp(`templates.${template.name}`)}>
      <Sketch template={template.name} />
      <Group gap="xs" wrap="nowrap" align="flex-start" mt="xs">
        <Radio.Indicator mt={3} />
        <div>
          <Text size="sm" fw={600}>
            {tApp(`templates.${template.name}`)}
          </Text>
          <Text size="xs" c="dimmed">
            {min === max
              ? t("create.images", { count: max })
              : t("create.images_range", { min, max })}
          </Text>
        </div>
      </Group>
      <Text size="xs" mt={6}>
        {t(`create.templates.${template.name}`)}
      </Text>
      {template.questions.length > 0 && (
        <ul className={styles.asked}>
          {template.questions.map((question) => (
            <li key={question.id}>{title(question)}</li>
          ))}
        </ul>
      )}
    </Radio.Card>
  );
}
