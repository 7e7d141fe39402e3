/** A table of generators by metrics whose first column stays in sight, and its cells. */

import { Table, type TableThProps, Text } from "@mantine/core";
import type { ReactNode } from "react";

import styles from "./MeansTable.module.css";

interface TableProps {
  label?: string;
  /** The page takes all of the window. */
  wide?: boolean;
  children: ReactNode;
}

/** With a label the table is a region of its own, which the keyboard scrolls. */
export function MeansTable({ label, wide = false, children }: TableProps) {
  const region = label === undefined ? {} : { tabIndex: 0, role: "region", "aria-label": label };
  return (
    <div className={styles.scroll} {...(wide ? { "data-wide": true } : {})} {...region}>
      <Table className={styles.means ?? ""} verticalSpacing={8}>
        {children}
      </Table>
    </div>
  );
}

/** A heading of the first column. */
export function First(props: TableThProps) {
  return <Table.Th className={styles.first ?? ""} {...props} />;
}

interface Props {
  /** The number, ready to be read. */
  value: string;
  /** Where it stands among the others, in a word, where that is worth one. */
  place: { is: "best" | "level"; text: string } | null | undefined;
  children: ReactNode;
}

/** A cell: its number, where it stands, and below what belongs to it. */
export function Mean({ value, place, children }: Props) {
  return (
    <div className={styles.mean}>
      <div className={styles.number}>
        <Text span fw={place?.is === "best" ? 700 : 500}>
          {value}
        </Text>
        {place && (
          <span className={styles.place} data-place={place.is}>
            {place.text}
          </span>
        )}
      </div>
      {children}
    </div>
  );
}
