import { dayStart } from "@/lib/zone";
import type { CallFilter, CallStatus } from "@/queries/calls";

/** The filters as the address has them. */
export interface CallSearch {
  platform?: "ultravox" | "elevenlabs";
  agent?: string;
  /** Several, separated by commas. */
  status?: string;
  reason?: string;
  direction?: "outbound" | "inbound" | "browser";
  /** Days in the user's zone, both included. */
  from?: string;
  to?: string;
  number?: string;
  text?: string;
}

/** The filters as the API takes them. */
export function filterOf(search: CallSearch): CallFilter {
  const filter: CallFilter = {
    platform: search.platform,
    agent_id: search.agent,
    status: search.status ? (search.status.split(",") as CallStatus[]) : undefined,
    reason: search.reason,
    direction: search.direction,
    number: search.number,
    text: search.text,
    created_from: search.from && dayStart(search.from).toISOString(),
    created_to: search.to && dayStart(search.to, 1).toISOString(),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
