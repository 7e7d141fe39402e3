import { Button, CloseButton, Drawer, Group, Kbd, Text, VisuallyHidden } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Loaded } from "@/manage/parts/states";
import { asksItem } from "@/questions/asked";

import { ItemSides } from "./ItemSides";
import { ItemView } from "./ItemView";
import { MoveDialog } from "./MoveDialog";
import styles from "./ItemDrawer.module.css";
import { type DetailedItem, itemQuery, type Move } from "./queries";
import { StateBadge } from "./StateBadge";

interface Props {
  project: Schemas["Project"];
  id: string;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** Three quarters of the window, so that the list stays in sight; on a small one nearly all of it. */
const WIDTH = "clamp(min(94vw, 760px), 76vw, 1720px)";

/** One item with everything, over the list; j and k go on to the next and the one before. */
export function ItemDrawer({ project, id, onClose, onPrevious, onNext }: Props) {
  const { t } = useTranslation("items");
  const query = useQuery(itemQuery(project.id, id));
  // With the item that was on the page then: the address may be on its way to another one.
  const [asked, setAsked] = useState<{ item: DetailedItem; move: Move } | null>(null);
  const still = asked === null;
  useHotkeys([
    ["j", () => still && onNext?.()],
    ["k", () => still && onPrevious?.()],
  ]);
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={WIDTH}
      classNames={{ content: styles.content ?? "" }}
      closeOnEscape={still}
      transitionProps={{ duration: 0 }}
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={query.data?.prompt || t("title")}>
        <Group className={styles.head ?? ""} wrap="nowrap" gap="sm">
          <Group gap={4} wrap="nowrap">
            <Step label={t("detail.previous")} cap="k" {...(onPrevious ? { onStep: onPrevious } : {})} />
            <Step label={t("detail.next")} cap="j" {...(onNext ? { onStep: onNext } : {})} />
          </Group>
          {query.data && <StateBadge state={query.data.state} />}
          <Text fw={600} className={styles.prompt ?? ""}>
            {query.data?.prompt || t("no_prompt")}
          </Text>
          <CloseButton aria-label={t("detail.close")} onClick={onClose} />
        </Group>
        <div className={styles.body}>
          <Loaded query={query} rows={6}>
            {(item) => (
              <div className={styles.columns}>
                <ItemView
                  key={item.id}
                  project={asksItem(project, item.asked)}
                  item={item}
                  onMove={(move) => setAsked({ item, move })}
                />
                <ItemSides project={project} item={item} onMove={(move) => setAsked({ item, move })} />
              </div>
            )}
          </Loaded>
        </div>
        {asked && (
          <MoveDialog
            project={asksItem(project, asked.item.asked)}
            {...asked}
            onClose={() => setAsked(null)}
          />
        )}
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Step({ label, cap, onStep }: { label: string; cap: string; onStep?: () => void }) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      disabled={!onStep}
      title={label}
      onClick={onStep}
    >
      <VisuallyHidden>{label}</VisuallyHidden>
      <span aria-hidden="true">{cap === "k" ? "↑" : "↓"}</span>
      <Kbd size="xs" ml={6} aria-hidden="true">
        {cap}
      </Kbd>
    </Button>
  );
}
