import { createContext, type ReactNode, useContext, useEffect } from "react";
import { createPortal } from "react-dom";

export const TitleSlot = createContext<HTMLElement | null>(null);

/** The page's title, put into the top bar, and as the document's title. */
export function PageTitle({ text, children }: { text: string; children: ReactNode }) {
  const slot = useContext(TitleSlot);
  useEffect(() => {
    document.title = text ? `${text} · 成单` : "成单";
  }, [text]);
  return slot ? createPortal(children, slot) : null;
}
