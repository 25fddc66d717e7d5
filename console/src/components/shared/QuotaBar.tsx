import { dateTime, integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { PlatformReport } from "@/queries/platforms";
import { platformName } from "./marks";
import { unitName } from "./units";

type Quota = NonNullable<PlatformReport["quota"]>;
const LOW = 0.1;

/** What is left at a platform, or why that is not known. */
export function QuotaBar({ quota }: { quota: Quota }) {
  const t = useText();
  const { used, limit, left, note, resets_at } = quota;
  const unit = unitName(t, quota.unit, limit ?? left ?? used ?? 0);
  const known =
    left !== null && limit !== null
      ? t.platforms.quotaOf(integer(left), integer(limit), unit)
      : left !== null
        ? t.platforms.quotaLeft(integer(left), unit)
        : used !== null
          ? t.platforms.quotaUsed(integer(used), unit)
          : t.platforms.quotaUnknown;
  const share = left !== null && limit ? left / limit : null;
  return (
    <span className="flex flex-col gap-1">
      <span className="numeric">{known}</span>
      {share !== null && (
        <meter
          aria-label={t.platforms.quotaMeter(platformName(quota.provider))}
          min={0}
          max={1}
          low={LOW}
          optimum={1}
          value={share}
          className="level"
        />
      )}
      {(note || resets_at) && (
        <span className="text-xs text-ink-faint">
          {note} {resets_at && t.platforms.resets(dateTime(resets_at))}
        </span>
      )}
    </span>
  );
}
