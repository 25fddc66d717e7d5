import { Check, Terminal } from "lucide-react";
import { useState } from "react";
import { Badge, type Tone } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { type Column, DataTable } from "@/components/ui/DataTable";
import { Card } from "@/components/ui/Page";
import { EmptyState } from "@/components/ui/states";
import { Segments } from "@/components/ui/Tabs";
import { useCopied } from "@/components/ui/useCopied";
import { clockTime } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { curlOf, GIVEN_UP, type RequestNote, requestLog } from "@/lib/requests";
import { useStore } from "@/lib/stored";

const KINDS = ["writes", "all"] as const;

/** What this page asked of the API, each as a command to copy. */
export function RequestsTab() {
  const t = useText();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("all");
  const all = useStore(requestLog);
  const rows = kind === "all" ? all : all.filter(({ method }) => method !== "GET");
  const columns: Column<RequestNote>[] = [
    {
      id: "when",
      header: t.developers.requestColumns.when,
      width: "w-28",
      cell: (note) => <span className="numeric">{clockTime(new Date(note.at).toISOString())}</span>,
    },
    { id: "request", header: t.developers.requestColumns.request, cell: (note) => <Asked note={note} /> },
    {
      id: "status",
      header: t.developers.requestColumns.status,
      width: "w-32",
      cell: (note) => <Answer note={note} />,
    },
    {
      id: "time",
      header: t.developers.requestColumns.time,
      width: "w-24",
      align: "right",
      cell: (note) => (note.ms === null ? "–" : t.developers.ms(note.ms)),
    },
    {
      id: "curl",
      header: <span className="sr-only">{t.developers.curl}</span>,
      width: "w-48",
      align: "right",
      cell: (note) => <CurlButton note={note} />,
    },
  ];
  return (
    <>
      <p className="mb-4 text-ink-soft">
        {t.developers.requestsText} {t.developers.placeholder}
      </p>
      <Card
        flush
        title={t.developers.tabs.requests}
        actions={
          <span className="flex items-center gap-2">
            <Segments
              label={t.developers.kindLabel}
              value={kind}
              onValue={setKind}
              choices={KINDS.map((id) => ({ id, name: t.developers.kinds[id] }))}
            />
            <Button look="quiet" onClick={() => requestLog.set([])}>
              {t.developers.clear}
            </Button>
          </span>
        }
      >
        {rows.length === 0 ? (
          <EmptyState icon={<Terminal />} title={t.common.none}>
            {t.developers.noRequests}
          </EmptyState>
        ) : (
          <DataTable
            label={t.developers.tabs.requests}
            rows={rows}
            rowId={({ id }) => String(id)}
            columns={columns}
            card={(note) => (
              <div className="flex flex-col gap-2">
                <Asked note={note} />
                <div className="flex items-center justify-between gap-2">
                  <span className="flex items-center gap-2 text-xs text-ink-faint">
                    <Answer note={note} />
                    <span className="numeric">{clockTime(new Date(note.at).toISOString())}</span>
                  </span>
                  <CurlButton note={note} />
                </div>
              </div>
            )}
          />
        )}
      </Card>
    </>
  );
}

function Asked({ note }: { note: RequestNote }) {
  return (
    <span className="block truncate font-mono text-xs" title={`${note.method} ${note.path}`}>
      <span className="inline-block w-14 font-semibold">{note.method}</span>
      {note.path}
    </span>
  );
}

function Answer({ note: { status } }: { note: RequestNote }) {
  const t = useText();
  if (status === null) return <Badge>{t.developers.pending}</Badge>;
  if (status === GIVEN_UP) return <Badge>{t.developers.givenUp}</Badge>;
  if (status === 0) return <Badge tone="bad">{t.developers.noAnswer}</Badge>;
  const tone: Tone = status >= 500 ? "bad" : status >= 400 ? "warn" : "good";
  return <Badge tone={tone}>{status}</Badge>;
}

function CurlButton({ note }: { note: RequestNote }) {
  const t = useText();
  const { copied, copy } = useCopied();
  return (
    <Button
      size="sm"
      look="quiet"
      aria-label={`${copied ? t.common.copied : t.developers.curl}: ${note.method} ${note.path}`}
      onClick={() => copy(curlOf(note, window.location.origin))}
    >
      {copied ? <Check aria-hidden="true" className="text-good" /> : <Terminal aria-hidden="true" />}
      {copied ? t.common.copied : t.developers.curl}
    </Button>
  );
}
