import { Button } from "antd";
import { MessageCircleQuestion } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { usePhone } from "@/design/media";

import { useCreate } from "../create/context";
import { prefillOf } from "../quick/prefill";
import styles from "./loop.module.css";
import { useWaiting } from "./loops";

/** A finger that was lifted clicks a little later. */
const CLICK_MS = 400;
const GAP_PX = 6;
/** Below the handles that phones draw at the ends of a selection. */
const HANDLE_PX = 34;
/** Room for the offer at the right and, above the navigation of a phone, at the bottom. */
const OFFER_PX = 160;

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
  /** A finger is on the offer: phones let go of a selection when one is put down beside it. */
  const pressed = useRef(false);
  const [picked, setPicked] = useState<Picked | null>(null);
  const phone = usePhone();
  const ways = useWaiting(parent).filter((way) => may(way.object, "create") && !row.archived_at);
  const able = ways.length > 0;
  useEffect(() => {
    if (!able) return;
    const look = () => {
      if (!pressed.current) setPicked(selectionIn(box.current));
    };
    const release = () => {
      if (!pressed.current) return;
      setTimeout(() => {
        pressed.current = false;
        look();
      }, CLICK_MS);
    };
    const heard = [
      ["selectionchange", look],
      ["scroll", look],
      ["pointerup", release],
      ["pointercancel", release],
    ] as const;
    for (const [name, hear] of heard) document.addEventListener(name, hear, true);
    return () => {
      for (const [name, hear] of heard) document.removeEventListener(name, hear, true);
    };
  }, [able]);
  return (
    <div ref={box}>
      {children}
      {picked && able
        ? createPortal(
            <div
              className={styles.float}
              style={{ left: picked.left, top: picked.top }}
              onPointerDown={() => {
                pressed.current = true;
              }}
            >
              {ways.map(({ child, object }) => (
                <Button
                  key={child.name}
                  size={phone ? "large" : "small"}
                  type="primary"
                  icon={<MessageCircleQuestion size={14} />}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => {
                    const most = fieldOf(object, object.title)?.max_length ?? 200;
                    const title = picked.text.replace(/\s+/g, " ").slice(0, most);
                    const words = { [object.title]: title, [object.loop?.words ?? ""]: picked.text };
                    pressed.current = false;
                    document.getSelection()?.removeAllRanges();
                    setPicked(null);
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
  const fingers = window.matchMedia("(pointer: coarse)").matches;
  const below = place.bottom + (fingers ? HANDLE_PX : GAP_PX);
  return {
    text,
    left: Math.max(GAP_PX, Math.min(place.left, window.innerWidth - OFFER_PX)),
    top: Math.max(GAP_PX, Math.min(below, window.innerHeight - OFFER_PX)),
  };
}
