import { Table } from "@mantine/core";

import styles from "./HeatTable.module.css";

export interface HeatCell {
  /** 0 is one end of the colours, ½ the middle, 1 the other. */
  share: number;
  text: string;
  small: string;
  /** The cell in a sentence. */
  label: string;
}

interface Props {
  rows: readonly string[];
  columns: readonly string[];
  corner: string;
  cell: (row: string, column: string) => HeatCell | null;
}

/** A table of shares, each cell tinted by how far it lies from one half. */
export function HeatTable({ rows, columns, corner, cell }: Props) {
  return (
    <Table.ScrollContainer type="native" minWidth={120 + 74 * columns.length}>
      <Table className={styles.heat ?? ""} withRowBorders={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{corner}</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column} scope="col" className={styles.column ?? ""}>
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row}>
              <Table.Th scope="row">{row}</Table.Th>
              {columns.map((column) => {
                const found = cell(row, column);
                return found === null ? (
                  <Table.Td key={column} className={styles.none ?? ""} />
                ) : (
                  <Table.Td
                    key={column}
                    title={found.label}
                    className={styles.cell ?? ""}
                    style={{ background: tint(found.share) }}
                  >
                    {found.text}
                    <span className={styles.small}>{found.small}</span>
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Pale enough that ink stays readable on it. */
function tint(share: number): string {
  const strength = Math.min(1, Math.abs(share - 0.5) * 2) * 0.55;
  return share >= 0.5 ? `rgb(61 122 87 / ${strength})` : `rgb(176 96 79 / ${strength})`;
}
