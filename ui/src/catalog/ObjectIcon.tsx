import {
  Box,
  Building2,
  CheckSquare,
  CircleHelp,
  ClipboardCheck,
  Compass,
  Flag,
  Folder,
  Funnel,
  Gauge,
  ListChecks,
  type LucideIcon,
  Mail,
  Map as MapIcon,
  Megaphone,
  MessageCircleQuestion,
  Network,
  Phone,
  Receipt,
  Shuffle,
  Swords,
  Target,
  UserRound,
  UsersRound,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  box: Box,
  building: Building2,
  checks: ListChecks,
  compass: Compass,
  concern: MessageCircleQuestion,
  flag: Flag,
  funnel: Funnel,
  gauge: Gauge,
  help: CircleHelp,
  mail: Mail,
  map: MapIcon,
  megaphone: Megaphone,
  phone: Phone,
  receipt: Receipt,
  review: ClipboardCheck,
  shuffle: Shuffle,
  swords: Swords,
  target: Target,
  task: CheckSquare,
  team: Network,
  user: UserRound,
  users: UsersRound,
};

/** The icon an object's definition names; a folder when it names none that the page knows. */
export function ObjectIcon({ name, size = 16 }: { name?: string; size?: number }) {
  const Icon = ICONS[name ?? ""] ?? Folder;
  return <Icon size={size} strokeWidth={1.7} aria-hidden />;
}
