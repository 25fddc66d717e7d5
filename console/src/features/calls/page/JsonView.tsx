import { type ReactNode, useState } from "react";

const INKS: Record<string, string> = { string: "text-good", number: "text-accent", boolean: "text-warn" };
/** So many entries are shown at first; the rest on a click. */
const MOST = 100;

/** A JSON value as a tree whose branches open on a click; what is closed is not built. */
export function JsonView({
  value,
  name,
  open,
}: {
  value: unknown;
  name?: string;
  open?: boolean;
}): ReactNode {
  if (typeof value !== "object" || value === null) {
    return (
      <p className="font-mono text-xs break-words whitespace-pre-wrap">
        <Key name={name} />
        <span className={INKS[typeof value] ?? "text-ink-faint"}>{JSON.stringify(value)}</span>
      </p>
    );
  }
  return <Branch value={value} name={name} open={open ?? name === undefined} />;
}

function Branch({ value, name, open }: { value: object; name: string | undefined; open: boolean }) {
  const [shown, setShown] = useState(open);
  const [most, setMost] = useState(MOST);
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return (
      <p className="font-mono text-xs">
        <Key name={name} />
        <span className="text-ink-faint">{list ? "[]" : "{}"}</span>
      </p>
    );
  }
  return (
    <details open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary className="rounded font-mono text-xs hover:bg-hover">
        <Key name={name} />
        <span className="text-ink-faint">{list ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      {shown && (
        <div className="ml-1.5 flex flex-col gap-0.5 border-l border-line pl-3">
          {entries.slice(0, most).map(([key, child]) => (
            <JsonView key={key} name={key} value={child} />
          ))}
          {entries.length > most && (
            <button
              type="button"
              onClick={() => setMost(most * 10)}
              className="self-start rounded px-1 font-mono text-xs text-accent hover:bg-hover"
            >
              +{entries.length - most}
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function Key({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span className="text-ink-soft">{name}: </span>;
}
