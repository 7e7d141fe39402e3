import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useDeskView } from "@/annotate/context";
import type { DeskCommand, DeskCommandName } from "@/annotate/session/commands";
import type { questions } from "@/i18n/en/questions";
import type { regions } from "@/i18n/en/regions";
import { focusedStep } from "@/questions/steps";
import { Button } from "@/ui/desk/Button";
import type { Command } from "@/ui/desk/commands";
import { HelpLine, KeyHelp } from "@/ui/desk/KeyHelp";

import { KeyDialog } from "./KeyDialog";

const GROUPS = ["answer", "place", "look", "move", "desk"] as const;

/** Every key that does something now. */
export function HelpDialog() {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  const change = useTranslation("learning").t("keys.open");
  const labelOf = useCommandLabel();
  const [changing, setChanging] = useState(false);
  const close = () => dispatch({ type: "dialog", dialog: null });
  const groups = GROUPS.map((name) => ({
    name,
    title: t(`help.${name}`),
    ...(name === "look" ? { more: <Gestures /> } : {}),
  }));
  if (changing) {
    return (
      <KeyDialog
        groups={groups}
        labelOf={labelOf}
        onDone={() => setChanging(false)}
        onClose={close}
      />
    );
  }
  return (
    <KeyHelp
      title={t("help.title")}
      text={t("help.text")}
      hold={t("help.hold")}
      labelOf={labelOf}
      groups={groups}
      onClose={close}
    >
      <Button onClick={() => setChanging(true)}>{change}</Button>
    </KeyHelp>
  );
}

function useCommandLabel(): (command: Command) => string {
  const { t, i18n } = useTranslation(["annotate", "questions", "regions"]);
  const { session, text } = useDeskView();
  const focused = session.open && focusedStep(session.open)?.question;
  return ({ name, value, event }) => {
    const option = focused?.options[(value ?? 0) - 1];
    if (name === "flag" && option) return text.flag(option);
    const { type, ...about } = event as DeskCommand["event"];
    const asked = type === "focus_question" && "question" in about ? about.question : null;
    const question = session.questions.find(({ id }) => id === asked);
    const values = { value: value ?? "", question: question ? text.title(question) : "" };
    if (i18n.exists(`commands.${name}`, { ns: "annotate" })) {
      return t(`commands.${name as DeskCommandName}`, values);
    }
    return i18n.exists(`commands.${name}`, { ns: "regions" })
      ? t(`regions:commands.${name as keyof (typeof regions)["commands"]}`, values)
      : t(`questions:commands.${name as keyof (typeof questions)["commands"]}`, values);
  };
}

function Gestures() {
  const { t } = useTranslation("annotate");
  return (["wheel", "drag", "double_click"] as const).map((gesture) => (
    <HelpLine key={gesture} caps={t(`help.${gesture}`)}>
      {t(`help.${gesture}_does`)}
    </HelpLine>
  ));
}
