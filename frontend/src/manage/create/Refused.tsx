import { Text } from "@mantine/core";

/** Why the server does not take it. */
export function Refused({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <Text size="xs" c="red.8" role="alert" mt={4}>
      {text}
    </Text>
  );
}
