import { Stack } from "@mantine/core";

import type { Metric } from "./queries";
import { Unavailable } from "./Unavailable";

/** Says once for each file of weights what these metrics wait for. */
export function MissingWeights({ metrics }: { metrics: readonly Metric[] }) {
  const seen = new Set<string>();
  const first = metrics.filter(({ name, weights }) => {
    const key = weights?.name ?? name;
    return seen.has(key) ? false : seen.add(key);
  });
  return (
    <Stack gap="xs">
      {first.map((metric) => (
        <Unavailable key={metric.name} metric={metric} />
      ))}
    </Stack>
  );
}
