import { useTranslation } from "@/i18n/useTranslation";

import { useDeskView } from "@/annotate/context";
import type { DeskEvent } from "@/annotate/session/state";
import { Button } from "@/ui/desk/Button";
import { type Command, digit } from "@/ui/desk/commands";
import { CommandTable } from "@/ui/desk/CommandTable";
import { Dialog, DialogText } from "@/ui/desk/Dialog";
import { useCommands } from "@/ui/desk/useCommands";

import styles from "./SkipDialog.module.css";

const REASONS = ["skip", "broken", "offensive", "other"] as const;

const COMMANDS = REASONS.map(
  (reason, index): Command<DeskEvent> => ({
    name: reason,
    group: "skip",
    keys: digit(index + 1),
    event: { type: "skip", reason },
  }),
);

/** Asks why the item is skipped. */
export function SkipDialog() {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  useCommands(COMMANDS, { run: dispatch });
  return (
    <CommandTable commands={COMMANDS}>
      <Dialog title={t("skip.title")} onClose={() => dispatch({ type: "dialog", dialog: null })}>
        <DialogText>{t("skip.text")}</DialogText>
        <div className={styles.reasons}>
          {REASONS.map((reason) => (
            <Button key={reason} command={reason} onClick={() => dispatch({ type: "skip", reason })}>
              {t(`skip.${reason}`)}
            </Button>
          ))}
        </div>
      </Dialog>
    </CommandTable>
  );
}
