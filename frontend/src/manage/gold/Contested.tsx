import { Anchor, Badge, Button, Group, Image, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import { goldKey, type GoldReport, ruleOnMiss } from "./queries";

interface Props {
  project: number;
  misses: GoldReport["contested"];
}

/** Misses that their authors contest, in their words; those that wait for a lead first. */
export function Contested({ project, misses }: Props) {
  const { t } = useTranslation("gold");
  const format = useFormat();
  const client = useQueryClient();
  const rule = useMutation({
    mutationFn: ({ id, ruling }: { id: number; ruling: "voided" | "upheld" }) =>
      ruleOnMiss(project, id, ruling),
    onSettled: () => client.invalidateQueries({ queryKey: goldKey(project) }),
  });
  return (
    <Section title={t("contested.title")} note={t("contested.note")}>
      <Stack gap="sm">
        {misses.map((one) => (
          <Group key={one.id} justify="space-between" align="flex-start" wrap="nowrap">
            <Group gap="sm" align="flex-start" wrap="nowrap">
              {one.thumbnail_urls.slice(0, 4).map((url) => (
                <Image key={url} src={url} alt="" w={48} h={48} radius="sm" fit="cover" />
              ))}
              <div>
                <Text size="sm">“{one.words}”</Text>
                <Text size="xs" c="dimmed">
                  {t("contested.by", { name: one.name, at: format.dateTime(one.at) })}
                  {one.source !== null && (
                    <>
                      {" · "}
                      <Anchor
                        component={Link}
                        to={`/projects/${project}/items?item=${one.source}`}
                        size="xs"
                      >
                        {t("contested.look")}
                      </Anchor>
                    </>
                  )}
                </Text>
              </div>
            </Group>
            {one.ruling === null ? (
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => rule.mutate({ id: one.id, ruling: "voided" })}
                >
                  {t("contested.void")}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => rule.mutate({ id: one.id, ruling: "upheld" })}
                >
                  {t("contested.uphold")}
                </Button>
              </Group>
            ) : (
              <Badge color="gray">
                {t(`contested.${one.ruling}`)}
              </Badge>
            )}
          </Group>
        ))}
      </Stack>
      {rule.isError && <Failed error={rule.error} />}
    </Section>
  );
}
