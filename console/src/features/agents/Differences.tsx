import { useMemo } from "react";
import { diffWords } from "@/lib/diff";
import { useText } from "@/lib/i18n";
import type { Difference } from "@/queries/agents";
import { fieldName } from "./fieldNames";

/** What changed, field by field; texts word by word. */
export function Differences({ differences }: { differences: readonly Difference[] }) {
  const t = useText();
  if (differences.length === 0) return <p className="text-ink-soft">{t.agents.noDifference}</p>;
  return (
    <dl className="flex flex-col gap-4">
      {differences.map(({ field, before, after }) => (
        <div key={field}>
          <dt>
            <FieldName field={field} />
          </dt>
          <dd className="mt-1">
            {typeof before === "string" && typeof after === "string" ? (
              <TextDifference before={before} after={after} />
            ) : (
              <span className="flex flex-wrap items-start gap-2">
                <del className="rounded bg-bad-soft px-1 no-underline">
                  <span className="sr-only">{t.agents.was}</span>
                  <ShownValue value={before} />
                </del>
                <span aria-hidden="true">→</span>
                <ins className="rounded bg-good-soft px-1 no-underline">
                  <span className="sr-only">{t.agents.isNow}</span>
                  <ShownValue value={after} />
                </ins>
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function TextDifference({ before, after }: { before: string; after: string }) {
  const runs = useMemo(() => diffWords(before, after), [before, after]);
  return (
    <p className="max-h-96 overflow-y-auto rounded-lg border border-line bg-sunken p-3 leading-6 break-words whitespace-pre-wrap">
      {runs.map(({ kind, text }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: runs have no identity of their own
        if (kind === "same") return <span key={index}>{text}</span>;
        if (kind === "gone")
          return (
            <del key={index} className="bg-bad-soft text-bad">
              {text}
            </del>
          );
        return (
          <ins key={index} className="bg-good-soft text-good no-underline">
            {text}
          </ins>
        );
        // biome-ignore-end lint/suspicious/noArrayIndexKey: until here
      })}
    </p>
  );
}

export function FieldName({ field }: { field: string }) {
  const t = useText();
  return <span className="text-sm font-medium text-ink-soft">{fieldName(t, field)}</span>;
}

/** Any value of a field, readable. */
export function ShownValue({ value }: { value: unknown }) {
  const t = useText();
  if (value === null || value === undefined || value === "")
    return <span className="text-ink-soft">{t.common.none}</span>;
  if (typeof value === "boolean") return value ? t.common.yes : t.common.no;
  if (typeof value === "object") {
    return (
      <code className="font-mono text-xs break-all whitespace-pre-wrap">
        {JSON.stringify(value, null, 1)}
      </code>
    );
  }
  return <span className="line-clamp-6 break-words whitespace-pre-wrap">{String(value)}</span>;
}
