import {
  Box,
  Building2,
  CheckSquare,
  CircleHelp,
  Compass,
  Flag,
  Folder,
  Funnel,
  type LucideIcon,
  Map as MapIcon,
  Mail,
  Megaphone,
  MessageCircleQuestion,
  Network,
  Phone,
  Receipt,
  Swords,
  Target,
  UserRound,
  UsersRound,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  box: Box,
  building: Building2,
  compass: Compass,
  concern: MessageCircleQuestion,
  flag: Flag,
  funnel: Funnel,
  help: CircleHelp,
  map: MapIcon,
  mail: Mail,
  megaphone: Megaphone,
  phone: Phone,
  receipt: Receipt,
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
