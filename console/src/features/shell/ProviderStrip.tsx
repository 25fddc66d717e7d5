import { useQuery } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import { inOrder, PlatformGlyph, platformName } from "@/components/shared/marks";
import { Badge, type Tone } from "@/components/ui/Badge";
import { Notice } from "@/components/ui/states";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { healthQuery, type Provider, providerState } from "@/queries/health";

const TONES: Record<string, Tone> = {
  ok: "good",
  sandboxed: "accent",
  unknown: "neutral",
  unreachable: "warn",
  misconfigured: "bad",
  off: "neutral",
};

const DOTS: Record<Tone, string> = {
  good: "bg-good",
  accent: "bg-accent",
  neutral: "bg-line-strong",
  warn: "bg-warn",
  bad: "bg-bad",
};

/** Which providers are live, sandboxed, degraded or off; why, on a click. */
export function ProviderStrip() {
  const t = useText();
  const { data, isError } = useQuery(healthQuery);
  const providers = inOrder(data?.providers ?? [], ({ name }) => name);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="inline-flex h-9 items-center gap-2.5 rounded-md px-1 sm:gap-4 sm:px-2 touch:h-11 text-sm text-ink-soft hover:bg-hover"
        >
          <span className="sr-only">{t.shell.providers}</span>
          {providers.map((provider) => (
            <StripMark key={provider.name} provider={provider} />
          ))}
          {isError && <span className="text-bad">{t.shell.serverDown}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          aria-label={t.shell.providers}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 w-96 max-w-[calc(100vw-1rem)] animate-fade rounded-xl border border-line bg-raised p-4 shadow-raised"
        >
          <h2 className="mb-3 font-semibold">{t.shell.providers}</h2>
          <ul className="flex flex-col gap-4">
            {providers.map((provider) => (
              <ProviderLine key={provider.name} provider={provider} />
            ))}
          </ul>
          {data?.workers === 0 && <Notice className="mt-4">{t.shell.noWorker}</Notice>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function StripMark({ provider }: { provider: Provider }) {
  const t = useText();
  const state = providerState(provider);
  return (
    <span className="inline-flex items-center gap-2">
      <span className="relative">
        <PlatformGlyph platform={provider.name} />
        <span
          className={cn(
            "absolute -right-1 -bottom-1 size-2 rounded-full ring-2 ring-surface forced-color-adjust-none",
            DOTS[TONES[state] ?? "neutral"],
          )}
        />
      </span>
      <span className="hidden xl:inline">
        {platformName(provider.name)}
        <span className="text-ink-faint"> · {t.shell.states[state]}</span>
      </span>
      <span className="sr-only xl:hidden">
        {platformName(provider.name)}: {t.shell.states[state]}
      </span>
    </span>
  );
}

function ProviderLine({ provider }: { provider: Provider }) {
  const t = useText();
  const state = providerState(provider);
  const usual: Partial<Record<string, string>> = t.shell.why;
  return (
    <li className="flex flex-col gap-1">
      <span className="flex items-center gap-2">
        <PlatformGlyph platform={provider.name} />
        <span className="flex-1 font-medium">{platformName(provider.name)}</span>
        <Badge tone={TONES[state] ?? "neutral"} dot>
          {t.shell.states[state]}
        </Badge>
      </span>
      <span className="text-sm text-ink-soft">
        {provider.reason ?? usual[state]}{" "}
        {state === "ok" && provider.latency_ms !== null && t.shell.latency(Math.round(provider.latency_ms))}
      </span>
    </li>
  );
}
