import { useQuery } from "@tanstack/react-query";
import { PlatformGlyph, platformName } from "@/components/shared/marks";
import { unitName } from "@/components/shared/units";
import { Badge } from "@/components/ui/Badge";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { integer, money } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { type Call, type CostLine, costQuery } from "@/queries/calls";

/** What the call cost, line by line, and whether that may still change. */
export function CostCard({ call }: { call: Call }) {
  const t = useText();
  const { data: cost, error, refetch } = useQuery(costQuery(call.id));
  return (
    <Card
      title={t.callPage.cost}
      actions={
        cost &&
        call.cost && (
          <Badge tone={cost.final ? "neutral" : "warn"}>
            {cost.final ? t.callPage.final : t.callPage.open}
          </Badge>
        )
      }
    >
      {error && !cost ? (
        <ErrorState compact error={error} onRetry={() => void refetch()} />
      ) : !cost ? (
        <SkeletonRows rows={2} />
      ) : cost.lines.length === 0 ? (
        <p className="text-ink-soft">{call.cost?.final ? t.callPage.free : t.callPage.noCost}</p>
      ) : (
        <table className="w-full text-left text-sm">
          <caption className="sr-only">{t.callPage.cost}</caption>
          <tbody>
            {cost.lines.map((line) => (
              <Line key={`${line.provider}${line.item}`} line={line} />
            ))}
          </tbody>
          <tfoot>
            <tr className="border-t border-line font-medium">
              <th scope="row" className="pt-2">
                {t.callPage.total}
              </th>
              <td className="numeric pt-2 text-right">{money(cost.amount, cost.currency)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </Card>
  );
}

function Line({ line }: { line: CostLine }) {
  const t = useText();
  const quantity =
    line.quantity === null ? null : `${integer(line.quantity)} ${unitName(t, line.unit, line.quantity)}`;
  return (
    <tr>
      <th scope="row" className="max-w-0 py-1.5 pr-2 font-normal">
        <span className="flex items-center gap-2">
          <PlatformGlyph platform={line.provider} className="text-ink-faint" />
          <span className="min-w-0">
            <span className="block truncate">
              {platformName(line.provider)}: {t.callPage.items(line.item)}
            </span>
            <span className="block truncate text-xs text-ink-faint">
              {[quantity, line.final ? null : t.calls.estimated].filter(Boolean).join(" · ")}
            </span>
          </span>
        </span>
      </th>
      <td className="numeric w-24 py-1.5 text-right align-top">{money(line.amount, line.currency)}</td>
    </tr>
  );
}
