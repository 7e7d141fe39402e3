import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

import type { Command, Layout } from "./commands";

interface Drawn {
  readonly commands: readonly Command[];
  readonly layout: Layout;
}

const Table = createContext<Drawn>({ commands: [], layout: null });

/** The commands that the buttons, key caps and the help below it are drawn from. */
export function CommandTable({
  commands,
  children,
}: {
  commands: readonly Command[];
  children: ReactNode;
}) {
  const layout = useLayout();
  return <Table value={{ commands, layout }}>{children}</Table>;
}

export function useCommandTable(): Drawn {
  return useContext(Table);
}

interface Keyboard {
  getLayoutMap?: () => Promise<ReadonlyMap<string, string>>;
}

function useLayout(): Layout {
  const [layout, setLayout] = useState<Layout>(null);
  useEffect(() => {
    const { keyboard } = navigator as Navigator & { keyboard?: Keyboard };
    keyboard?.getLayoutMap?.().then(setLayout, () => undefined);
  }, []);
  return layout;
}
