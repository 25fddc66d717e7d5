import { Badge, type Tone } from "@/components/ui/Badge";
import { useText } from "@/lib/i18n";
import type { ProviderState } from "@/queries/health";

const TONES: Record<ProviderState, Tone> = {
  ok: "good",
  sandboxed: "accent",
  unknown: "neutral",
  unreachable: "warn",
  misconfigured: "bad",
  off: "neutral",
};

/** How a provider does, in a word. */
export function ProviderStateMark({ state }: { state: ProviderState }) {
  const t = useText();
  return (
    <Badge tone={TONES[state]} dot>
      {t.shell.states[state]}
    </Badge>
  );
}
