import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { type LiveEvent, useEvents } from "@/lib/live";
import { TELEPHONE } from "@/lib/telephone";
import { liveCallTo, type Turn, transcriptQuery } from "@/queries/calls";
import type { Message, TelephoneState } from "./telephoneState";

/** Tells which of our calls is on the line, and what its agent says, word by word as the platform tells it. */
export function useOwnCall(
  { phase, callSid, callId }: TelephoneState,
  tell: (message: Message) => void,
): void {
  const client = useQueryClient();
  const find = useEffectEvent(async (isCurrent: () => boolean) => {
    const call = await liveCallTo(TELEPHONE, callSid ?? "");
    if (!call || !isCurrent()) return;
    tell({ type: "found", callId: call.id });
    const turns = await client.fetchQuery(transcriptQuery(call.id));
    if (isCurrent()) for (const turn of turns) takeTurn(turn);
  });
  const takeTurn = ({ role, index, text }: Turn) => {
    if (role === "agent") tell({ type: "turn", index, text });
  };
  const answered = phase === "answered";
  useEffect(() => {
    if (!answered) return;
    let current = true;
    find(() => current).catch(() => {}); // the line is then captioned by ear
    return () => {
      current = false;
    };
  }, [answered]);
  useEvents((events) => {
    for (const { data } of events.filter((event) => isTurnOf(event, callId)))
      takeTurn(data as unknown as Turn);
  });
}

function isTurnOf(event: LiveEvent, callId: string | null): boolean {
  return callId !== null && event.call_id === callId && event.type === "call.turn";
}
