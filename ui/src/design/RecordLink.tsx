import { useRouter } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, MouseEvent } from "react";

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href" | "id"> {
  object: string;
  id: string;
  /** The tab that is open there. */
  tab?: string;
}

const HESITATION_MS = 50;
let hovering: ReturnType<typeof setTimeout> | undefined;

/**
 * A link to a record, read ahead when it is pointed at. The router's own link works out its address anew whenever that of
 * the page changes, which in a list of hundreds is felt at each press; that of a record never changes.
 */
export function RecordLink({ object, id, tab, onClick, ...rest }: Props) {
  const router = useRouter();
  const target = { to: "/records/$object/$id", params: { object, id }, search: tab ? { tab } : {} } as const;
  const readAhead = () => void router.preloadRoute(target).catch(() => undefined);
  const linger = () => {
    clearTimeout(hovering);
    hovering = setTimeout(readAhead, HESITATION_MS);
  };
  const leave = () => clearTimeout(hovering);
  const press = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.metaKey || event.altKey || event.ctrlKey || event.shiftKey || event.button !== 0;
    if (elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    leave();
    void router.navigate(target);
  };
  return (
    <a
      {...rest}
      href={`/records/${object}/${id}${tab ? `?tab=${encodeURIComponent(tab)}` : ""}`}
      onClick={press}
      onMouseEnter={linger}
      onMouseLeave={leave}
      onFocus={linger}
      onBlur={leave}
      onTouchStart={readAhead}
    />
  );
}
