import type { QueryKey } from "@tanstack/react-query";

/** Which queries each event makes old, by the beginning of its type. The longest beginning that fits counts. */
const REFRESHES: Record<string, QueryKey[]> = {
  "agent.": [["agents"]],
  "agents.": [["agents"]],
  "call.": [["calls"], ["metrics"]],
  "call.turn": [], // turns are written into what is shown; nothing needs to be fetched
  "key.": [["keys"]],
  "user.": [["users"], ["audit"]],
  "inbox.": [],
  "webhook.": [["webhooks"]],
  "platform.": [["health"], ["platforms"]],
  "provider.": [["health"], ["platforms"]],
  "quota.": [["platforms"], ["metrics"]],
  "alert.": [["alerts"], ["metrics"]],
};

const BEGINNINGS = Object.keys(REFRESHES).sort((one, other) => other.length - one.length);

/** The query keys to refresh after an event of this type; none for types that we do not know. */
export function refreshedBy(type: string): QueryKey[] {
  const beginning = BEGINNINGS.find((one) => type.startsWith(one));
  return beginning === undefined ? [] : (REFRESHES[beginning] ?? []);
}
