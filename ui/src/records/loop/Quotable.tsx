import { Button } from "antd";
import { MessageCircleQuestion } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";

import type { ObjectDefinition, Row } from "@/api/types";
import { fieldOf, may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import { useCreate } from "../create/context";
import { prefillOf } from "../quick/prefill";
import styles from "./loop.module.css";
import { useWaiting } from "./loops";

interface Props {
  parent: ObjectDefinition;
  row: Row;
  children: ReactNode;
}

interface Picked {
  text: string;
  left: number;
  top: number;
}

/** Words that were written down: selecting some offers to make what waits for an answer out of them. */
export function Quotable({ parent, row, children }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const create = useCreate();
  const box = useRef<HTMLDivElement>(null);
  const [picked, setPicked] = useState<Picked | null>(null);
  const ways = useWaiting(parent).filter((way) => may(way.object, "create") && !row.archived_at);
  const able = ways.length > 0;
  useEffect(() => {
    if (!able) return;
    const look = () => setPicked(selectionIn(box.current));
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [able]);
  return (
    <div ref={box}>
      {children}
      {picked && able
        ? createPortal(
            <div className={styles.float} style={{ left: picked.left, top: picked.top }}>
              {ways.map(({ child, object }) => (
                <Button
                  key={child.name}
                  size="small"
                  type="primary"
                  icon={<MessageCircleQuestion size={14} />}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => {
                    const most = fieldOf(object, object.title)?.max_length ?? 200;
                    const title = picked.text.replace(/\s+/g, " ").slice(0, most);
                    const words = { [object.title]: title, [object.loop?.words ?? ""]: picked.text };
                    document.getSelection()?.removeAllRanges();
                    create({
                      object: object.name,
                      prefill: { ...prefillOf(parent, row, child, object), ...words },
                      onCreated: () => undefined,
                    });
                  }}
                >
                  {t("loop.raise", { thing: say(object.label) })}
                </Button>
              ))}
            </div>,
            document.body,
          )
        : null}
    </div>
  );
}

/** The words that are selected within an element, and where they end on the screen. */
function selectionIn(element: HTMLElement | null): Picked | null {
  const selection = document.getSelection();
  const text = selection?.toString().trim() ?? "";
  if (!element || !selection || selection.rangeCount === 0 || text.length < 2) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.commonAncestorContainer)) return null;
  const place = range.getBoundingClientRect();
  return { text, left: Math.min(place.left, window.innerWidth - 160), top: place.bottom + 6 };
}
