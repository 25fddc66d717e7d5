import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/Badge";
import { money } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Call, CallStatus } from "@/queries/calls";

const TONES: Record<CallStatus, Tone> = {
  queued: "neutral",
  initiated: "accent",
  ringing: "accent",
  "in-progress": "good",
  completed: "neutral",
  busy: "warn",
  "no-answer": "warn",
  failed: "bad",
  canceled: "neutral",
};

const MOVING: readonly CallStatus[] = ["queued", "initiated", "ringing", "in-progress"];

export function CallStatusMark({ status }: { status: CallStatus }) {
  const t = useText();
  return (
    <Badge tone={TONES[status]} dot={MOVING.includes(status)}>
      {t.calls.status[status]}
    </Badge>
  );
}

/** Why a call ended as it did, in words; null while nobody knows. */
export function useReasonText(): (call: Pick<Call, "reason">) => string | null {
  const t = useText();
  const known: Partial<Record<string, string>> = t.calls.reasons;
  return ({ reason }) => (reason === null ? null : (known[reason] ?? reason.replaceAll("_", " ")));
}

const OUTCOMES = { success: CircleCheck, failure: CircleX, unknown: CircleDashed } as const;
const OUTCOME_INKS = { success: "text-good", failure: "text-bad", unknown: "text-ink-faint" } as const;

/** What the platform's analysis says of a call or of one criterion. */
export function OutcomeMark({ outcome }: { outcome: keyof typeof OUTCOMES }) {
  const t = useText();
  const Icon = OUTCOMES[outcome];
  return (
    <span className="inline-flex items-center gap-1.5 text-sm whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${OUTCOME_INKS[outcome]}`} />
      {t.calls.outcome[outcome]}
    </span>
  );
}

/** What a call cost; marked while a provider may still change it. */
export function CostMark({ cost }: { cost: Call["cost"] }) {
  const t = useText();
  if (!cost) return <span className="text-ink-faint">–</span>;
  return (
    <span title={cost.final ? undefined : t.calls.estimated}>
      {!cost.final && <span className="text-ink-faint">≈ </span>}
      {money(cost.amount, cost.currency)}
      {!cost.final && <span className="sr-only"> ({t.calls.estimated})</span>}
    </span>
  );
}

/** Whom a call reached: the number, or that it was held in a page. */
export function useCallee(): (call: Pick<Call, "to" | "direction">) => string {
  const t = useText();
  return ({ to }) => to ?? t.calls.browser;
}
