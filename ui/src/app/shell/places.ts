import type { LinkProps } from "@tanstack/react-router";
import {
  Bell,
  BellRing,
  CalendarDays,
  ClipboardCheck,
  FileClock,
  HeartPulse,
  Hourglass,
  House,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Mail,
  Presentation,
  ScrollText,
  Send,
  Settings,
  ShieldAlert,
  Waves,
  Waypoints,
} from "lucide-react";

import type { Catalog } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import { useSession } from "../session";

/** A page that is not about one object. One line here puts it into the navigation, ⌘K and the phone's sheet. */
export interface Place {
  name: string;
  to: LinkProps["to"];
  icon: LucideIcon;
  /** What it is called, in the viewer's language. */
  text: string;
  /** Pressed after `g`. */
  key?: string;
  /** Where the sidebar has it: the day at the top, what one finds out in a group of its own, care of the system below. */
  side: "top" | "insight" | "foot" | null;
  /** Only for those who have this permission. */
  permission?: string;
  /** Only where the viewer's catalog has something for it. */
  shown?: (catalog: Catalog) => boolean;
}

/** The fixed ones, each with the key of its text. */
const PLACES: readonly Place[] = [
  { name: "home", to: "/", icon: House, text: "shell.home", key: "h", side: "top" },
  { name: "calendar", to: "/calendar", icon: CalendarDays, text: "calendar.title", key: "c", side: "top" },
  { name: "pool", to: "/pool", icon: Waves, text: "places.pool", side: "top", shown: ({ pools }) => pools.length > 0 },
  { name: "mail", to: "/mail", icon: Mail, text: "places.mail", key: "m", side: "top", shown: ({ mail }) => mail !== null },
  {
    name: "mailAccounts",
    to: "/settings/mail",
    icon: Mail,
    text: "places.mailAccounts",
    side: null,
    shown: ({ mail }) => mail !== null,
  },
  { name: "process", to: "/process", icon: Waypoints, text: "places.process", key: "p", side: "insight", permission: "analyse" },
  { name: "conflicts", to: "/conflicts", icon: ShieldAlert, text: "places.conflicts", side: "insight", permission: "conflicts" },
  {
    name: "meeting",
    to: "/meeting",
    icon: Presentation,
    text: "places.meeting",
    side: "top",
    shown: (catalog) => catalog.home.panels.some((panel) => panel.sections?.length),
  },
  {
    name: "ageing",
    to: "/ageing",
    icon: Hourglass,
    text: "places.loop",
    side: "top",
    shown: (catalog) => Object.values(catalog.objects).some((object) => object.loop),
  },
  {
    name: "audits",
    to: "/audits",
    icon: ClipboardCheck,
    text: "places.audits",
    side: "top",
    shown: (catalog) => catalog.audits.length > 0,
  },
  { name: "audit", to: "/audit", icon: ScrollText, text: "places.audit", side: "foot", permission: "audit" },
  { name: "history", to: "/import/log", icon: FileClock, text: "places.history", side: null, permission: "import" },
  { name: "tokens", to: "/settings/tokens", icon: KeyRound, text: "places.tokens", side: null },
  { name: "noticeSettings", to: "/settings/notifications", icon: BellRing, text: "places.noticeSettings", side: null },
  { name: "outlets", to: "/settings/outlets", icon: Send, text: "places.outlets", side: "foot", permission: "outlets" },
  { name: "notifications", to: "/notifications", icon: Bell, text: "bell.title", key: "n", side: null },
  { name: "jobs", to: "/jobs", icon: ListChecks, text: "jobs.title", key: "j", side: "foot" },
  { name: "settings", to: "/settings", icon: Settings, text: "places.settings", key: "s", side: null },
];

/** The pages that the viewer may open, those of scores among them. */
export function usePlaces(): Place[] {
  const { t } = useTranslation();
  const say = useLabel();
  const { permissions } = useSession();
  const catalog = useCatalog();
  const scores = catalog.scores.map(
    ({ name, label }): Place => ({
      name: `score-${name}`,
      to: `/scores/${name}` as Place["to"],
      icon: HeartPulse,
      text: say(label),
      side: "insight",
    }),
  );
  const fixed = PLACES.filter(
    ({ permission, shown }) => (!permission || permissions.includes(permission)) && (!shown || shown(catalog)),
  );
  return [...fixed.map((place) => ({ ...place, text: t(place.text) })), ...scores];
}
