import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useDeskView } from "@/annotate/context";
import type { DeskCommand, DeskCommandName, KindCommandName } from "@/annotate/session/commands";
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
  const { t, i18n } = useTranslation(["annotate", "questions"]);
  const { session, text } = useDeskView();
  return ({ name, value, event }) => {
    const { type, ...about } = event as DeskCommand["event"];
    const asked = type === "focus_question" && "question" in about ? about.question : null;
    const question = session.questions.find(({ id }) => id === asked);
    const values = { value: value ?? "", question: question ? text.title(question) : "" };
    return i18n.exists(`commands.${name}`, { ns: "annotate" })
      ? t(`commands.${name as DeskCommandName}`, values)
      : t(`questions:commands.${name as KindCommandName}`, values);
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
