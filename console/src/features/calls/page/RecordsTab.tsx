import { useQuery } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { PlatformMark } from "@/components/shared/marks";
import { IconButton } from "@/components/ui/IconButton";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useCopied } from "@/components/ui/useCopied";
import { dateTime } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { recordsQuery, type VendorRecord } from "@/queries/calls";
import { JsonView } from "./JsonView";

/** What the providers said about the call, in their own words. */
export function RecordsTab({ callId }: { callId: string }) {
  const t = useText();
  const { data: records, error, refetch } = useQuery(recordsQuery(callId));
  if (error && !records) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!records) return <SkeletonRows />;
  if (records.length === 0) return <p className="py-12 text-center text-ink-soft">{t.callPage.noRecords}</p>;
  return (
    <div className="flex flex-col gap-4">
      {records.map((record, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: records are only ever added at the end
        <RecordCard key={place} record={record} />
      ))}
    </div>
  );
}

function RecordCard({ record }: { record: VendorRecord }) {
  const t = useText();
  const { copied, copy } = useCopied();
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          <PlatformMark platform={record.provider} />
          {record.kind === "latest" ? (
            t.callPage.latest
          ) : (
            <code className="font-mono text-sm">{record.kind}</code>
          )}
        </span>
      }
      actions={
        <span className="flex items-center gap-2 text-xs text-ink-soft">
          {record.received_at && <time dateTime={record.received_at}>{dateTime(record.received_at)}</time>}
          <IconButton
            label={copied ? t.common.copied : t.common.copy}
            size="icon-sm"
            onClick={() => copy(JSON.stringify(record.body, null, 2))}
          >
            {copied ? <Check aria-hidden="true" className="text-good" /> : <Copy aria-hidden="true" />}
          </IconButton>
        </span>
      }
    >
      <JsonView value={record.body} />
    </Card>
  );
}
