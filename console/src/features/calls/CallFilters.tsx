import { Link, useNavigate } from "@tanstack/react-router";
import { ListFilter, X } from "lucide-react";
import { useEffect, useState } from "react";
import { AgentPicker } from "@/components/shared/AgentPicker";
import { PLATFORM_CHOICES, platformName } from "@/components/shared/marks";
import { Button } from "@/components/ui/Button";
import { Input, SearchInput, Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { useIsPhone } from "@/lib/media";
import { useTyped } from "@/lib/useTyped";
import type { CallStatus } from "@/queries/calls";
import { StatusFilter } from "./StatusFilter";
import type { CallSearch } from "./search";

const DIRECTIONS = ["outbound", "inbound", "browser"] as const;

/** The filters above the list; they live in the address. */
export function CallFilters({
  search,
  loaded,
  shown,
  total,
}: {
  search: CallSearch;
  loaded: boolean;
  shown: number;
  total: number | null;
}) {
  const t = useText();
  const navigate = useNavigate({ from: "/calls" });
  const phone = useIsPhone();
  const [opened, setOpened] = useState(false);
  const change = (part: { [Name in keyof CallSearch]?: CallSearch[Name] | undefined }) =>
    void navigate({ to: "/calls", search: (was) => set({ ...was, ...part }), replace: true });
  const [text, setText] = useTyped(search.text ?? "", (typed) => change({ text: typed || undefined }));
  const count = Object.keys(search).filter((name) => name !== "text").length;

  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
      <SearchInput
        className="w-full sm:w-64"
        value={text}
        onValue={setText}
        maxLength={200}
        label={t.calls.filters.text}
        clearLabel={t.common.clearSearch}
      />
      {phone && (
        <Button aria-expanded={opened} onClick={() => setOpened(!opened)}>
          <ListFilter aria-hidden="true" />
          {t.calls.filters.show(count)}
        </Button>
      )}
      {(!phone || opened) && <Choices search={search} onChange={change} />}
      {(count > 0 || search.text) && (
        <Button look="quiet" asChild>
          <Link to="/calls">
            <X aria-hidden="true" />
            {t.calls.filters.clear}
          </Link>
        </Button>
      )}
      <p className="ml-auto px-1 text-sm text-ink-faint">{t.calls.count(shown, total)}</p>
      <Found text={loaded ? t.calls.count(shown, total) : ""} by={JSON.stringify(search)} />
    </div>
  );
}

/** Tells a screen reader what other filters brought, and not every call that comes or goes afterwards. */
function Found({ text, by }: { text: string; by: string }) {
  const [told, setTold] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count alone is no news
  useEffect(() => setTold(text), [by, text === ""]);
  return (
    <span role="status" className="sr-only">
      {told}
    </span>
  );
}

function Choices({
  search,
  onChange,
}: {
  search: CallSearch;
  onChange: (part: { [Name in keyof CallSearch]?: CallSearch[Name] | undefined }) => void;
}) {
  const t = useText();
  const words = t.calls.filters;
  const [number, setNumber] = useTyped(search.number ?? "", (typed) =>
    onChange({ number: typed || undefined }),
  );
  const reasons = Object.entries(t.calls.reasons).sort(([, one], [, other]) => one.localeCompare(other));
  const known = Object.keys(t.calls.reasons);
  const day = (name: "from" | "to") => ({
    type: "date",
    "aria-label": words[name],
    value: search[name] ?? "",
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value || undefined }),
  });
  return (
    <>
      <Input
        type="search"
        inputMode="tel"
        aria-label={words.number}
        placeholder={words.number}
        className="sm:w-44"
        maxLength={20}
        value={number}
        onChange={(event) => setNumber(event.target.value)}
      />
      <StatusFilter
        className="sm:w-44"
        value={(search.status?.split(",") ?? []) as CallStatus[]}
        onValue={(statuses) => onChange({ status: statuses.join(",") || undefined })}
      />
      <Select
        aria-label={words.platform}
        className="w-full sm:w-48"
        value={search.platform ?? ""}
        onChange={(event) =>
          onChange({ platform: PLATFORM_CHOICES.find((one) => one === event.target.value) })
        }
      >
        <option value="">{words.allPlatforms}</option>
        {PLATFORM_CHOICES.map((platform) => (
          <option key={platform} value={platform}>
            {platformName(platform)}
          </option>
        ))}
      </Select>
      <AgentPicker
        aria-label={words.agent}
        className="sm:w-44"
        value={search.agent ?? null}
        onValue={(agentId) => onChange({ agent: agentId ?? undefined })}
        placeholder={search.agent ? words.findAgent : words.anyAgent}
        anyText={words.anyAgent}
      />
      <Select
        aria-label={words.reason}
        className="w-full sm:w-44"
        value={search.reason ?? ""}
        onChange={(event) => onChange({ reason: event.target.value || undefined })}
      >
        <option value="">{words.anyReason}</option>
        {search.reason && !known.includes(search.reason) && <option>{search.reason}</option>}
        {reasons.map(([reason, meaning]) => (
          <option key={reason} value={reason}>
            {meaning}
          </option>
        ))}
      </Select>
      <Select
        aria-label={words.direction}
        className="w-full sm:w-44"
        value={search.direction ?? ""}
        onChange={(event) => onChange({ direction: DIRECTIONS.find((one) => one === event.target.value) })}
      >
        <option value="">{words.anyDirection}</option>
        {DIRECTIONS.map((direction) => (
          <option key={direction} value={direction}>
            {t.calls.directions[direction]}
          </option>
        ))}
      </Select>
      {(["from", "to"] as const).map((name) => (
        <span key={name} className="flex w-full items-center gap-2 text-sm text-ink-soft sm:w-auto">
          <span aria-hidden="true" className="max-sm:w-12">
            {words[name]}
          </span>
          <Input {...day(name)} className="sm:w-36" />
        </span>
      ))}
    </>
  );
}

function set(search: { [Name in keyof CallSearch]?: CallSearch[Name] | undefined }): CallSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
