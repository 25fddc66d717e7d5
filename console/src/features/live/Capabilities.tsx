import { useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { platformsQuery } from "@/queries/platforms";

/** These matter when agents and voices are made, not while a call runs. */
const ELSEWHERE = new Set(["voice_by_name", "speak_text"]);

/** What the call's platform can do; the rest is greyed with its reason. */
export function Capabilities({ platform }: { platform: string }) {
  const t = useText();
  const { data } = useQuery({ ...platformsQuery, staleTime: 60_000 });
  const all = data?.find(({ name }) => name === platform)?.capabilities ?? [];
  const capabilities = all.filter(({ name }) => !ELSEWHERE.has(name));
  const names: Partial<Record<string, string>> = t.live.capability;
  if (capabilities.length === 0) return null;
  return (
    <section aria-labelledby="capabilities" className="border-t border-line p-4">
      <h3 id="capabilities" className="mb-2 text-sm font-semibold">
        {t.live.capabilities}
      </h3>
      <ul className="flex flex-col gap-1.5 text-sm">
        {capabilities.map(({ name, available, reason }) => (
          <li key={name} className={cn("flex gap-2", !available && "text-ink-faint")}>
            {available ? (
              <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" />
            ) : (
              <Minus aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
            )}
            <span className="sr-only">{available ? t.live.can : t.live.cannot}:</span>
            <span className="min-w-0">
              {names[name] ?? name.replaceAll("_", " ")}
              {!available && reason && <span className="block text-xs">{reason}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
