import { PLATFORM_CHOICES, PlatformGlyph } from "@/components/shared/marks";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import type { PlatformName } from "./draft";

const TONES = { ultravox: "text-ultravox", elevenlabs: "text-elevenlabs" } as const;

/** Which platform runs the agent; says what each is good at. */
export function PlatformCards({
  value,
  onValue,
}: {
  value: PlatformName;
  onValue: (platform: PlatformName) => void;
}) {
  const t = useText();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t.agentForm.platformLegend}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {PLATFORM_CHOICES.map((platform) => (
          <label
            key={platform}
            className="flex cursor-pointer gap-3 rounded-xl border border-line bg-surface p-4 hover:border-line-strong has-checked:border-accent has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <PlatformGlyph platform={platform} className={cn("mt-0.5 size-6", TONES[platform])} />
            <span className="flex-1">
              <span className="block font-semibold">{t.agentForm.platforms[platform].title}</span>
              <span className="mt-1 block text-sm text-ink-soft">{t.agentForm.platforms[platform].text}</span>
            </span>
            <input
              type="radio"
              name="platform"
              value={platform}
              checked={value === platform}
              onChange={() => onValue(platform)}
              className="mt-1 size-4 shrink-0 accent-accent focus-visible:outline-none"
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
