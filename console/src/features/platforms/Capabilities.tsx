import { Check, Minus, X } from "lucide-react";
import { PlatformMark } from "@/components/shared/marks";
import { Card } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";
import type { PlatformReport } from "@/queries/platforms";

/** What each provider can do, side by side, with the reasons in words. */
export function Capabilities({ providers }: { providers: readonly PlatformReport[] }) {
  const t = useText();
  const known: Partial<Record<string, string>> = t.platforms.names;
  return (
    <Card title={t.platforms.capabilities} flush>
      {(["platform", "carrier"] as const).map((kind) => {
        const ofKind = providers.filter((provider) => provider.kind === kind);
        const names = [
          ...new Set(ofKind.flatMap(({ capabilities }) => capabilities.map(({ name }) => name))),
        ];
        if (names.length === 0) return null;
        return (
          <section
            key={kind}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for the keyboard
            tabIndex={0}
            aria-label={t.platforms.kinds[kind]}
            className="relative overflow-x-auto"
          >
            <table className="w-full min-w-xl table-fixed text-left">
              <thead>
                <tr className="border-b border-line">
                  <th scope="col" className="w-1/4 px-4 py-3 text-xs font-medium text-ink-faint">
                    {t.platforms.capability}
                  </th>
                  {ofKind.map(({ name }) => (
                    <th key={name} scope="col" className="px-4 py-3">
                      <PlatformMark platform={name} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {names.map((name) => (
                  <tr key={name} className="border-b border-line">
                    <th scope="row" className="px-4 py-3 align-top font-medium">
                      {known[name] ?? name.replaceAll("_", " ")}
                    </th>
                    {ofKind.map((provider) => (
                      <td key={provider.name} className="px-4 py-3 align-top">
                        <Answer can={provider.capabilities.find((one) => one.name === name)} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        );
      })}
    </Card>
  );
}

function Answer({ can }: { can: PlatformReport["capabilities"][number] | undefined }) {
  const t = useText();
  const Icon = can === undefined ? Minus : can.available ? Check : X;
  const ink = can === undefined ? "text-ink-faint" : can.available ? "text-good" : "text-bad";
  const word = can === undefined ? t.platforms.untold : can.available ? t.platforms.can : t.platforms.cannot;
  return (
    <span className="flex gap-2">
      <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <span className="min-w-0">
        <span className={can?.reason ? "sr-only" : ""}>{word}</span>
        {can?.reason && <span className="text-sm text-ink-soft">{can.reason}</span>}
      </span>
    </span>
  );
}
