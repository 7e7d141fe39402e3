import { useTranslation } from "react-i18next";

import { capOf, type Command, type Group } from "@/annotate/commands";
import { useDeskView } from "@/annotate/context";

import { Dialog } from "./Dialog";
import styles from "./parts.module.css";

const GROUPS: readonly Group[] = ["answer", "marks", "look", "move", "desk"];

/** Every key that does something now, from the same table that the keyboard obeys. */
export function HelpDialog() {
  const { t } = useTranslation("annotate");
  const { commands, dispatch } = useDeskView();
  return (
    <Dialog
      wide
      title={t("help.title")}
      onClose={() => dispatch({ type: "dialog", dialog: null })}
    >
      <div className={styles.help}>
        {GROUPS.map((group) => {
          const mine = commands.filter((command) => command.group === group);
          if (mine.length === 0) return null;
          return (
            <section key={group}>
              <h3>{t(`help.${group}`)}</h3>
              <dl>
                {mine.map((command) => (
                  <HelpLine key={`${command.name}-${command.value ?? ""}`} command={command} />
                ))}
                {group === "look" && <Gestures />}
              </dl>
            </section>
          );
        })}
      </div>
      <p className={styles.dialogText}>{t("help.text")}</p>
    </Dialog>
  );
}

function HelpLine({ command }: { command: Command }) {
  const { t } = useTranslation("annotate");
  const { session, layout, text } = useDeskView();
  const { name, value } = command;
  const marks = session.questions.filter(({ type }) => type === "marks");
  const question = name === "flaw" && value !== undefined ? marks[value] : undefined;
  const caps = command.keys.filter(({ code }) => !code.startsWith("Numpad"));
  return (
    <div>
      <dt>
        {command.release && <small>{t("help.hold")} </small>}
        {caps.map((key) => (
          <kbd key={key.code} className={styles.cap}>
            {capOf(key, layout)}
          </kbd>
        ))}
      </dt>
      <dd>
        {t(`commands.${name}`, {
          value: value ?? "",
          question: question ? text.title(question) : "",
        })}
      </dd>
    </div>
  );
}

function Gestures() {
  const { t } = useTranslation("annotate");
  return (
    <>
      {(["wheel", "drag", "double_click"] as const).map((gesture) => (
        <div key={gesture}>
          <dt>{t(`help.${gesture}`)}</dt>
          <dd>{t(`help.${gesture}_does`)}</dd>
        </div>
      ))}
    </>
  );
}
