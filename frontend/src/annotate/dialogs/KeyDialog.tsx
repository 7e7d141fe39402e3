import { useTranslation } from "@/i18n/useTranslation";

import { useDeskView } from "@/annotate/context";
import { KEY_SETS, type KeySet } from "@/annotate/learning/keySets";
import { useChooseKeys, useKeymap } from "@/annotate/learning/useKeymap";
import { commandsFor, type DeskCommand } from "@/annotate/session/commands";
import type { Session } from "@/annotate/session/state";
import { useErrorText } from "@/api/errorText";
import { stepsOf } from "@/questions/steps";
import type { Command } from "@/ui/desk/commands";
import { Dialog } from "@/ui/desk/Dialog";
import { KeyEditor } from "@/ui/desk/KeyEditor";

const SETS = Object.keys(KEY_SETS) as KeySet[];

/** Chooses the desk's keys. */
export function KeyDialog({
  groups,
  labelOf,
  onDone,
  onClose,
}: {
  groups: readonly { name: string; title: string }[];
  labelOf: (command: Command) => string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("learning");
  const text = useErrorText();
  const keymap = useKeymap();
  const { chosen, error, choose } = useChooseKeys();
  const { session } = useDeskView();
  return (
    <Dialog wide title={t("keys.title")} onClose={onClose}>
      <KeyEditor
        tables={tablesOf(session)}
        groups={groups}
        labelOf={labelOf}
        keymap={keymap}
        sets={{
          names: SETS,
          chosen: chosen.key_set,
          titleOf: (name) => t(`keys.${name as KeySet}`),
        }}
        failure={error && t("keys.failed", { message: text(error) })}
        onSet={(name) => choose({ key_set: name as KeySet })}
        onKeys={(keys) => choose({ keys })}
        onDone={onDone}
      />
    </Dialog>
  );
}

/** The commands of every step of the item on the desk: a key must be free at each of them. */
function tablesOf(session: Session): readonly (readonly DeskCommand[])[] {
  const { open } = session;
  const ready = { ...session, dialog: null };
  if (!open) return [commandsFor(ready)];
  return [...stepsOf(open).keys()].map((focus) =>
    commandsFor({ ...ready, open: { ...open, focus } }),
  );
}
