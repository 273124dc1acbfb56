import type { PanelDefinition } from "@/api/home";
import type { Field, ObjectDefinition } from "@/api/types";
import { fieldOf } from "@/catalog/catalog";

import type { Whose } from "./answer";
import { isOwn } from "./drill";

/** The columns beside the title; the owner only where records of several people may stand. */
export function shownFields(panel: PanelDefinition, object: ObjectDefinition, whose: Whose): Field[] {
  const own = isOwn(panel, whose);
  return (panel.columns ?? [])
    .filter((name) => name !== object.title && !(own && name === "owner"))
    .flatMap((name) => fieldOf(object, name) ?? []);
}
