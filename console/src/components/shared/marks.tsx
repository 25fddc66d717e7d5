import { cn } from "@/lib/classes";

/** Platforms by the names their makers write. */
const PLATFORMS: Record<string, { name: string; tone: string }> = {
  ultravox: { name: "Ultravox", tone: "bg-ultravox-soft text-ultravox" },
  elevenlabs: { name: "ElevenLabs", tone: "bg-elevenlabs-soft text-elevenlabs" },
  twilio: { name: "Twilio", tone: "bg-sunken text-ink-soft" },
};

export function platformName(platform: string): string {
  return PLATFORMS[platform]?.name ?? platform;
}

/** Our own small sign for a platform; colour is never the only difference. */
export function PlatformGlyph({ platform, className }: { platform: string; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={cn("size-4 shrink-0", className)} fill="none">
      {platform === "ultravox" ? (
        <path
          d="M3 5v3a5 5 0 0 0 10 0V5M8 13v1.5"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      ) : platform === "elevenlabs" ? (
        <path
          d="M3 6.5v3M6.3 3v10M9.7 5v6M13 6.5v3"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      ) : (
        <circle cx="8" cy="8" r="5" stroke="currentColor" strokeWidth="2" />
      )}
    </svg>
  );
}

/** Glyph and name of a platform. */
export function PlatformMark({ platform, className }: { platform: string; className?: string }) {
  const tone = PLATFORMS[platform]?.tone ?? "bg-sunken text-ink-soft";
  return (
    <span
      className={cn(
        "inline-flex h-6 items-center gap-1.5 rounded-md px-2 text-xs font-medium whitespace-nowrap",
        tone,
        className,
      )}
    >
      <PlatformGlyph platform={platform} className="size-3.5" />
      {platformName(platform)}
    </span>
  );
}

/** Things of providers in the order in which these always stand; unknown ones last. */
export function inOrder<T>(things: readonly T[], providerOf: (thing: T) => string): T[] {
  const names = Object.keys(PLATFORMS);
  const rank = (thing: T) => (names.indexOf(providerOf(thing)) + names.length + 1) % (names.length + 1);
  return [...things].sort((one, other) => rank(one) - rank(other));
}

/** The platforms that an agent can live on. */
export const PLATFORM_CHOICES = ["ultravox", "elevenlabs"] as const;
