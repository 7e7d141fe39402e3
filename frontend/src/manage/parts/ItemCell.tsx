import { Anchor, Group, Image, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "@/ui/Link";

interface Props {
  thumbnails: readonly string[];
  /** Its prompt, or what stands for one. */
  words: string;
  /** Where it is looked at; null: nowhere. */
  to: string | null;
  children?: ReactNode;
}

/** An item in a table of some: its first images and its prompt. */
export function ItemCell({ thumbnails, words, to, children }: Props) {
  return (
    <Group gap="xs" wrap="nowrap">
      {thumbnails.slice(0, 4).map((url) => (
        <Image key={url} src={url} alt="" w={40} h={40} radius="sm" fit="cover" />
      ))}
      {to === null ? (
        <Text size="sm">{words}</Text>
      ) : (
        <Anchor component={Link} to={to} size="sm">
          {words}
        </Anchor>
      )}
      {children}
    </Group>
  );
}
