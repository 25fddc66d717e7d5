import {
  AudioLines,
  Bot,
  Code,
  House,
  type LucideIcon,
  Phone,
  Plug,
  Radio,
  Settings,
  Users,
} from "lucide-react";
import type { Texts } from "@/text/en";

export interface Place {
  /** The path of its route. */
  to:
    | "/"
    | "/agents"
    | "/live"
    | "/calls"
    | "/voices"
    | "/platforms"
    | "/developers"
    | "/settings"
    | "/users";
  name: keyof Texts["shell"] &
    ("home" | "agents" | "live" | "calls" | "voices" | "platforms" | "developers" | "settings" | "users");
  icon: LucideIcon;
  /** Only shown to those who hold this scope. */
  scope?: string;
}

/** What the sidebar shows, in groups. A page that is built adds its line here. */
export const NAVIGATION: readonly { group: "build" | "observe" | "administer"; places: readonly Place[] }[] =
  [
    {
      group: "observe",
      places: [
        { to: "/", name: "home", icon: House, scope: "metrics:read" },
        { to: "/live", name: "live", icon: Radio, scope: "calls:read" },
        { to: "/calls", name: "calls", icon: Phone, scope: "calls:read" },
      ],
    },
    {
      group: "build",
      places: [
        { to: "/agents", name: "agents", icon: Bot },
        { to: "/voices", name: "voices", icon: AudioLines, scope: "voices:read" },
      ],
    },
    {
      group: "administer",
      places: [
        { to: "/platforms", name: "platforms", icon: Plug, scope: "metrics:read" },
        { to: "/users", name: "users", icon: Users, scope: "admin" },
        { to: "/developers", name: "developers", icon: Code },
        { to: "/settings", name: "settings", icon: Settings },
      ],
    },
  ];
