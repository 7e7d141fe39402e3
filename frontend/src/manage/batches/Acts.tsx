import { Anchor, NativeSelect, Radio, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Notice } from "@/manage/parts/Notice";
import { useFormat } from "@/manage/parts/useFormat";
import { qcQuery } from "@/manage/queries";
import { Link } from "@/ui/Link";

import { Act } from "./Act";
import { useAct } from "./useAct";
import {
  drawMore,
  drawPreview,
  returnPreview,
  sendBack,
  signOff,
  signOffPreview,
  withdrawSignOff,
} from "./verdicts";

interface Props {
  batch: Schemas["Batch"];
  onClose: () => void;
}

export function SignOff(props: Props) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  const id = props.batch.id;
  const preview = useQuery(signOffPreview(id));
  const act = useAct(props.batch, (reason: string) => signOff(id, reason), props.onClose);
  return (
    <Act
      title={t("sign.title")}
      text={t("sign.text")}
      preview={preview}
      rows={(effect) => [
        [
          t("sign.items"),
          t("sign.of", { settled: format.integer(effect.settled), items: format.integer(effect.items) }),
        ],
        [t("sign.answers"), format.integer(effect.answers)],
        [t("sign.reviewed"), format.integer(effect.reviewed)],
        [t("sign.rejected"), format.integer(effect.rejected)],
        [t("sign.allowed"), format.integer(effect.rule.allowed)],
      ]}
      note={(effect) =>
        effect.refusal?.code === "batch_unanswered" ? (
          <Anchor
            component={Link}
            to={`/projects/${props.batch.project}/items?batch=${id}&state=in_work`}
            fz="sm"
            underline="always"
          >
            {t("in_work")}
          </Anchor>
        ) : (
          effect.needs_reason &&
          effect.refusal === null && <Notice color="yellow">{t("sign.against")}</Notice>
        )
      }
      yes={() => t("sign_off")}
      reason={(effect) => (effect?.needs_reason ? "must" : "may")}
      reasonHelp={t("reason_help")}
      busy={act.isPending}
      error={act.error}
      onYes={(reason) => act.mutate(reason)}
      onClose={props.onClose}
    />
  );
}

export function Withdraw(props: Props) {
  const { t } = useTranslation("signoff");
  const { batch, onClose } = props;
  const act = useAct(batch, (reason: string) => withdrawSignOff(batch.id, reason), onClose);
  return (
    <Act
      title={t("taken_back.title")}
      text={t("taken_back.text")}
      yes={() => t("withdraw")}
      colour="red.9"
      reason={() => "must"}
      reasonHelp={t("reason_help")}
      busy={act.isPending}
      error={act.error}
      onYes={(reason) => act.mutate(reason)}
      onClose={onClose}
    />
  );
}

const EVERYBODY = "all";

export function SendBack(props: Props) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  const id = props.batch.id;
  // Nobody is chosen at first: "everybody" is no answer that one gives by not looking.
  const [whose, setWhose] = useState("");
  const [toAuthors, setToAuthors] = useState(false);
  const people = useQuery(qcQuery(id)).data?.annotators ?? [];
  const annotator = whose === EVERYBODY ? null : Number(whose);
  const request = { annotator_id: annotator, to_authors: toAuthors };
  const preview = useQuery({ ...returnPreview(id, request), enabled: whose !== "" });
  const choose = useTranslation("reviewers").t("choose");
  const act = useAct(
    props.batch,
    (reason: string) => sendBack(id, { ...request, reason }),
    props.onClose,
  );
  return (
    <Act
      title={t("back.title")}
      text={t("back.text")}
      preview={preview}
      rows={(effect) => [
        [t("back.answers"), format.integer(effect.answers)],
        [t("back.items"), format.integer(effect.items)],
        [t("back.consensuses"), format.integer(effect.consensuses)],
        [t("back.slots"), format.integer(effect.slots)],
        [t("back.reviews"), format.integer(effect.reviews)],
        ...(effect.stuck > 0
          ? ([[t("back.stuck"), format.integer(effect.stuck)]] as [string, string][])
          : []),
      ]}
      note={(effect) => effect.stuck > 0 && <Notice color="yellow">{t("back.stuck_note")}</Notice>}
      notYet={whose === "" ? choose : undefined}
      yes={(effect) => (effect ? t("back.yes", { count: effect.answers }) : t("send_back"))}
      colour="red.9"
      reason={() => "must"}
      reasonHelp={t("reason_sent")}
      busy={act.isPending}
      error={act.error}
      onYes={(reason) => act.mutate(reason)}
      onClose={props.onClose}
    >
      <NativeSelect
        label={t("back.whose")}
        value={whose}
        data={[
          { value: "", label: "–", disabled: true },
          { value: EVERYBODY, label: t("back.all") },
          ...people.map((one) => ({ value: String(one.id), label: one.name })),
        ]}
        onChange={({ currentTarget }) => setWhose(currentTarget.value)}
      />
      <Radio.Group
        label={t("back.to")}
        value={toAuthors ? "authors" : "others"}
        onChange={(value) => setToAuthors(value === "authors")}
      >
        <Stack gap={6} mt={6}>
          <Radio value="others" label={t("back.others")} />
          <Radio value="authors" label={t("back.authors")} />
        </Stack>
      </Radio.Group>
    </Act>
  );
}

export function DrawMore(props: Props) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  const id = props.batch.id;
  const preview = useQuery(drawPreview(id));
  const act = useAct<string>(props.batch, () => drawMore(id), props.onClose);
  return (
    <Act
      title={t("more.title")}
      text={t("more.text")}
      preview={preview}
      rows={(effect) => [
        [t("more.items"), format.integer(effect.items)],
        [`– ${t("more.for_rate")}`, format.integer(effect.for_rate)],
        [`– ${t("more.for_floor")}`, format.integer(effect.for_floor)],
        [t("more.consensuses"), format.integer(effect.consensuses)],
        [t("more.sampled"), format.integer(effect.sampled)],
      ]}
      yes={(effect) => t("more.yes", { count: effect?.items ?? 0 })}
      reason={() => "no"}
      reasonHelp=""
      busy={act.isPending}
      error={act.error}
      onYes={(reason) => act.mutate(reason)}
      onClose={props.onClose}
    />
  );
}
