/**
 * react-router's links without its loaders, prefetching and forms, a tenth of the router's size:
 * made of the two hooks that it offers for links of one's own.
 */

import type { ComponentProps } from "react";
import { useHref, useLinkClickHandler, useMatch, useResolvedPath } from "react-router";

interface LinkProps extends Omit<ComponentProps<"a">, "href"> {
  to: string;
}

/** A link to a page of the site, which does not load the document anew. */
export function Link({ to, onClick, target, ...rest }: LinkProps) {
  const follow = useLinkClickHandler(to, target === undefined ? {} : { target });
  return (
    <a
      {...rest}
      href={useHref(to)}
      target={target}
      onClick={(event) => {
        onClick?.(event);
        if (!event.defaultPrevented) follow(event);
      }}
    />
  );
}

/** A link that says whether its page, or unless `end` one below it, is the one that is shown. */
export function NavLink({ end = false, ...rest }: LinkProps & { end?: boolean | undefined }) {
  const here = useMatch({ path: useResolvedPath(rest.to).pathname, end });
  return <Link {...rest} aria-current={here ? "page" : undefined} />;
}
