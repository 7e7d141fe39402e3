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
  const optionOf = useOptionOf();
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
      labelOf={(command) => optionOf(command) ?? labelOf(command)}
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
  return ({ name, value, event }) => {
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

/** The words of the option that a key chooses at the question in focus, where there are several. */
function useOptionOf(): (command: Command) => string | null {
  const { session, text } = useDeskView();
  const options = (session.open && focusedStep(session.open)?.question.options) ?? [];
  return ({ name, value }) => {
    const option = name === "flag" && options.length > 1 ? options[(value ?? 0) - 1] : undefined;
    return option ? text.flag(option) : null;
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
