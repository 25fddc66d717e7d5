import type { ReactNode } from "react";
import { Ago } from "@/components/shared/Ago";
import { PlatformGlyph, platformName } from "@/components/shared/marks";
import { ProviderStateMark } from "@/components/shared/providerMarks";
import { QuotaBar } from "@/components/shared/QuotaBar";
import { CopyText } from "@/components/ui/CopyText";
import { Card } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";
import type { PlatformReport } from "@/queries/platforms";

/** One provider: how it does now, and since when. */
export function ProviderCard({ provider }: { provider: PlatformReport }) {
  const t = useText();
  const { facts } = t.platforms;
  const state = provider.state === "ok" && provider.mode === "sandbox" ? "sandboxed" : provider.state;
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          <PlatformGlyph platform={provider.name} />
          {platformName(provider.name)}
          <span className="text-xs font-normal text-ink-faint">{t.platforms.kinds[provider.kind]}</span>
        </span>
      }
      actions={<ProviderStateMark state={state} />}
    >
      <p className="min-h-10 text-ink-soft">{provider.reason ?? t.platforms.modes[provider.mode]}</p>
      <dl className="mt-4 grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-2.5">
        <Fact name={facts.latency}>
          {provider.latency_ms === null ? (
            t.platforms.notMeasured
          ) : (
            <span className="numeric">{t.platforms.ms(Math.round(provider.latency_ms))}</span>
          )}
        </Fact>
        <Fact name={facts.checked}>
          {provider.checked_at ? <Ago at={provider.checked_at} /> : t.platforms.notMeasured}
        </Fact>
        <Fact name={facts.lastError}>
          {provider.last_error ? (
            <>
              <span className="break-words">{provider.last_error.text}</span>{" "}
              <span className="text-ink-faint">
                <Ago at={provider.last_error.at} />
              </span>
            </>
          ) : (
            t.platforms.noError
          )}
        </Fact>
        {provider.quota && (
          <Fact name={facts.quota}>
            <QuotaBar quota={provider.quota} />
          </Fact>
        )}
        {provider.kind === "carrier" && (
          <Fact name={facts.numbers}>
            {provider.numbers.length === 0 && t.platforms.noNumbers}
            <ul>
              {provider.numbers.map((number) => (
                <li key={number}>
                  <CopyText text={number} />
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-sm text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
