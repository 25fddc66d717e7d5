import { useNavigate } from "@tanstack/react-router";
import { PLATFORM_CHOICES, platformName } from "@/components/shared/marks";
import { SearchInput, Select } from "@/components/ui/inputs";
import { integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { useTyped } from "@/lib/useTyped";
import type { AgentFilter } from "@/queries/agents";

const STATUSES = ["active", "inactive", "draft"] as const;

/** The filters above the list; they live in the address. */
export function AgentFilters({
  filter,
  shown,
  complete,
}: {
  filter: AgentFilter;
  shown: number;
  /** All that fit are shown. */
  complete: boolean;
}) {
  const t = useText();
  const navigate = useNavigate({ from: "/agents" });
  const change = (part: AgentFilter) =>
    void navigate({ to: "/agents", search: (was) => clean({ ...was, ...part }), replace: true });
  const [typed, setTyped] = useTyped(filter.search ?? "", (search) =>
    change({ search: search || undefined }),
  );
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
      <SearchInput
        className="w-full sm:w-72"
        value={typed}
        onValue={setTyped}
        label={t.agents.searchLabel}
        clearLabel={t.common.clearSearch}
      />
      <Select
        aria-label={t.agents.filterPlatform}
        className="flex-1 sm:w-44 sm:flex-none"
        value={filter.platform ?? ""}
        onChange={(event) => change({ platform: event.target.value || undefined })}
      >
        <option value="">{t.agents.allPlatforms}</option>
        {PLATFORM_CHOICES.map((platform) => (
          <option key={platform} value={platform}>
            {platformName(platform)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t.agents.filterStatus}
        className="flex-1 sm:w-40 sm:flex-none"
        value={filter.status ?? ""}
        onChange={(event) => change({ status: STATUSES.find((one) => one === event.target.value) })}
      >
        <option value="">{t.agents.allStatuses}</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {t.agents.status[status]}
          </option>
        ))}
      </Select>
      <p role="status" className="ml-auto px-1 text-sm text-ink-faint max-sm:basis-full">
        {complete ? t.agents.count(integer(shown), shown === 1) : t.agents.countShown(integer(shown))}
      </p>
    </div>
  );
}

type ListSearch = {
  platform?: "ultravox" | "elevenlabs";
  status?: (typeof STATUSES)[number];
  search?: string;
};

function clean(filter: AgentFilter): ListSearch {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as ListSearch;
}
