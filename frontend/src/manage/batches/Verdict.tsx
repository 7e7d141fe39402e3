import { Anchor, Badge, Button, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Ref, useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Notice } from "@/manage/parts/Notice";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Failed, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import { DrawMore, SendBack, SignOff, Withdraw } from "./Acts";
import { Curve } from "./Curve";
import { Rules } from "./Rules";
import { curveCsv } from "./tables";
import { useAct } from "./useAct";
import styles from "./Verdict.module.css";
import { type Acceptance, acceptanceQuery, giveBackRejected, reopenStopped, VERDICT_COLOURS } from "./verdicts";

type Open = "sign_off" | "send_back" | "withdraw" | "draw" | "rules";

/** The rule by which a batch passes, what it lets pass, and what a lead makes of the batch. */
export function Verdict({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation("signoff");
  const project = useProject();
  const query = useQuery(acceptanceQuery(batch.id));
  const [open, setOpen] = useState<Open | null>(null);
  const plot = useRef<SVGSVGElement>(null);
  const rule = query.data?.rule;
  const curve = query.data?.curve ?? [];
  if (!project.roles.includes("manager")) return null;
  const close = () => setOpen(null);
  return (
    <Section
      title={t("title")}
      note={t("first_answers")}
      actions={
        <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
          <Button size="compact-sm" variant="subtle" onClick={() => setOpen("rules")}>
            {t("change_rule")}
          </Button>
          {rule && rule.reviewed > 0 && (
            <SaveMenu
              title={t("curve")}
              name={`batch-${batch.id}-curve`}
              tables={{ points: () => curveCsv(curve) }}
              plot={plot}
            />
          )}
        </Group>
      }
    >
      <Loaded query={query}>
        {(acceptance) => (
          <>
            <Stands acceptance={acceptance} />
            <Rule acceptance={acceptance} plot={plot} />
            <Buttons batch={batch} acceptance={acceptance} onOpen={setOpen} />
            <Stopped batch={batch} acceptance={acceptance} />
            <ForNobody batch={batch} acceptance={acceptance} />
            <Reasons reasons={acceptance.reasons} />
            <Returns returns={acceptance.returns} />
          </>
        )}
      </Loaded>
      {open === "sign_off" && <SignOff batch={batch} onClose={close} />}
      {open === "send_back" && <SendBack batch={batch} onClose={close} />}
      {open === "withdraw" && <Withdraw batch={batch} onClose={close} />}
      {open === "draw" && <DrawMore batch={batch} onClose={close} />}
      {open === "rules" && <Rules onClose={close} />}
    </Section>
  );
}

function Stands({ acceptance }: { acceptance: Acceptance }) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  const { verdict, verdict_at, verdict_by } = acceptance;
  return (
    <Group gap="sm" role="status">
      <Badge size="lg" color={VERDICT_COLOURS[verdict]}>
        {t(`verdict.${verdict}`)}
      </Badge>
      {verdict_by && verdict_at && (
        <Text size="sm" c="dimmed">
          {t("by", {
            name: verdict_by.display_name || verdict_by.username,
            at: format.dateTime(verdict_at),
          })}
        </Text>
      )}
    </Group>
  );
}

function Rule({ acceptance, plot }: { acceptance: Acceptance; plot: Ref<SVGSVGElement> }) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  const { rule, examples, outcome } = acceptance;
  const times = (share: number | undefined) => Math.round((share ?? 0) * 100);
  const [few, twice, more] = examples;
  if (rule.reviewed === 0) return <Text size="sm">{t("rule_none")}</Text>;
  return (
    <div className={styles.rule}>
      <Stack gap={6}>
        <Text fw={600}>
          {t("rule", { reviewed: format.integer(rule.reviewed), allowed: format.integer(rule.allowed) })}
        </Text>
        <Text size="sm" c="dimmed">
          {rule.by_plan
            ? t("rule_plan", { errors: format.percent(few?.errors ?? 0, 1) })
            : t("rule_own")}
        </Text>
        <Text size="sm">
          {t("passes_like", {
            few: format.percent(few?.errors ?? 0, 1),
            few_passes: times(few?.passes),
            twice: format.percent(twice?.errors ?? 0),
            twice_passes: times(twice?.passes),
            more: format.percent(more?.errors ?? 0),
            more_passes: times(more?.passes),
          })}{" "}
          {t("kept_out", { errors: format.percent(acceptance.kept_out, 1) })}
        </Text>
        <Text size="sm">
          {t(acceptance.returns.length > 0 ? "so_far_returned" : "so_far", {
            reviewed: format.integer(acceptance.reviewed),
            rejected: format.integer(acceptance.rejected),
          })}{" "}
          <Text span fw={600} className={styles.outcome ?? ""} data-outcome={outcome}>
            {t(`outcome.${outcome}`)}.
          </Text>
        </Text>
        {acceptance.for_floor > 0 && (
          <Text size="sm" c="dimmed">
            {t("for_floor", { count: acceptance.for_floor })}
          </Text>
        )}
      </Stack>
      <Curve ref={plot} curve={acceptance.curve} examples={examples} />
    </div>
  );
}

interface ButtonsProps {
  batch: Schemas["Batch"];
  acceptance: Acceptance;
  onOpen: (open: Open) => void;
}

function Buttons({ batch, acceptance, onOpen }: ButtonsProps) {
  const { t } = useTranslation("signoff");
  if (acceptance.verdict === "signed_off") {
    return (
      <Group>
        <Button component={Link} to={`/projects/${batch.project}/exports`}>
          {t("export")}
        </Button>
        <Button variant="default" onClick={() => onOpen("withdraw")}>
          {t("withdraw")}
        </Button>
      </Group>
    );
  }
  return (
    <Group>
      <Button color="teal.9" onClick={() => onOpen("sign_off")}>
        {t("sign_off")}
      </Button>
      <Button color="red.9" variant="outline" onClick={() => onOpen("send_back")}>
        {t("send_back")}
      </Button>
      <Button variant="default" onClick={() => onOpen("draw")}>
        {t("draw")}
      </Button>
      <Anchor component={Link} to={`/projects/${batch.project}/review?batch=${batch.id}`} fz="sm">
        {t("review")}
      </Anchor>
    </Group>
  );
}

function Stopped({ batch, acceptance }: Omit<ButtonsProps, "onOpen">) {
  const { t } = useTranslation("signoff");
  const reopen = useAct(batch, () => reopenStopped(batch.id));
  return (
    <>
      {acceptance.unsure > 0 && <Text size="sm">{t("unsure", { count: acceptance.unsure })}</Text>}
      {acceptance.stopped > 0 && (
        <Group gap="sm">
          <Text size="sm">{t("stopped", { count: acceptance.stopped })}</Text>
          <Button size="compact-sm" variant="default" loading={reopen.isPending} onClick={() => reopen.mutate()}>
            {t("reopen_stopped")}
          </Button>
        </Group>
      )}
      {reopen.isError && <Failed error={reopen.error} />}
    </>
  );
}

/** Rejected answers whose items everybody here has had: without a way out they would hold up the sign-off. */
function ForNobody({ batch, acceptance }: Omit<ButtonsProps, "onOpen">) {
  const { t } = useTranslation("signoff");
  const give = useAct(batch, () => giveBackRejected(batch.id));
  return (
    <>
      {acceptance.for_nobody > 0 && (
        <Notice color="orange">
          <Text size="sm">{t("for_nobody", { count: acceptance.for_nobody })}</Text>
          <Group gap="sm" mt="xs">
            <Button size="compact-sm" variant="default" loading={give.isPending} onClick={() => give.mutate()}>
              {t("give_back")}
            </Button>
            <Anchor component={Link} to={`/projects/${batch.project}/members`} fz="sm" underline="always">
              {t("invite")}
            </Anchor>
          </Group>
        </Notice>
      )}
      {give.isError && <Failed error={give.error} />}
    </>
  );
}

function Reasons({ reasons }: { reasons: Acceptance["reasons"] }) {
  const { t } = useTranslation(["signoff", "review", "manage"]);
  if (reasons.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {t("reasons")}
      </Text>
      <List size="sm" mt={4}>
        {reasons.map(({ code, count, words }) => (
          <List.Item key={code}>
            {t("manage:labelled", {
              name: code === "other" ? t("own_words") : t(`review:reason.quick.${code}`),
              value: count,
            })}
            {words.length > 0 && (
              <List size="sm" c="dimmed" withPadding>
                {words.map((one) => (
                  <List.Item key={one}>“{one}”</List.Item>
                ))}
              </List>
            )}
          </List.Item>
        ))}
      </List>
    </div>
  );
}

function Returns({ returns }: { returns: Acceptance["returns"] }) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  if (returns.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {t("returns")}
      </Text>
      <List size="sm" mt={4}>
        {returns.map((one) => (
          <List.Item key={one.at}>
            {format.dateTime(one.at)} · {one.by.display_name || one.by.username} ·{" "}
            {one.annotator
              ? t("whose_answers", { name: one.annotator.display_name || one.annotator.username })
              : t("whose_all")}{" "}
            ({t("returned_count", { count: one.answers })}): “{one.reason}”
          </List.Item>
        ))}
      </List>
    </div>
  );
}
