import { dateTime, integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { PlatformReport } from "@/queries/platforms";
import type { Texts } from "@/text/en";
import { platformName } from "./marks";
import { unitName } from "./units";

type Quota = NonNullable<PlatformReport["quota"]>;
const LOW = 0.1;

/** What is left at a platform, or why that is not known. */
export function QuotaBar({ quota }: { quota: Quota }) {
  const t = useText();
  const { limit, left, resets_at } = quota;
  const note = why(t, quota);
  const share = left !== null && limit ? left / limit : null;
  return (
    <span className="flex flex-col gap-1">
      <span className="numeric">{amount(t, quota)}</span>
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

function amount(t: Texts, quota: Quota) {
  const { used, limit, left } = quota;
  const unit = unitName(t, quota.unit, limit ?? left ?? used ?? 0);
  if (left !== null && limit !== null) return t.platforms.quotaOf(integer(left), integer(limit), unit);
  if (left !== null) return t.platforms.quotaLeft(integer(left), unit);
  return used === null ? t.platforms.quotaUnknown : t.platforms.quotaUsed(integer(used), unit);
}

/** A platform that could not be asked says so in its own words. */
function why(t: Texts, { gap, note }: Quota) {
  return gap === "no_limit" || gap === "not_told" ? t.platforms.quotaGap[gap] : note;
}
