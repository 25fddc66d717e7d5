import { useRef } from "react";
import { SearchInput, Select } from "@/components/ui/inputs";
import { languageName } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Voice, VoiceFilter } from "@/queries/voices";

const GENDERS = ["female", "male", "neutral"] as const;

interface VoiceFiltersProps {
  filter: VoiceFilter;
  onFilter: (filter: VoiceFilter) => void;
  /** What is shown now; its languages and styles are offered, and stay offered when the list shrinks. */
  voices: readonly Voice[];
  /** The agent's own language. */
  language: string;
}

export function VoiceFilters({ filter, onFilter, voices, language }: VoiceFiltersProps) {
  const t = useText();
  const seen = useRef({ languages: new Set([primary(language)]), styles: new Set<string>() });
  for (const voice of voices) {
    for (const tag of voice.languages) seen.current.languages.add(primary(tag));
    for (const style of voice.styles) seen.current.styles.add(style);
  }
  const languages = [...seen.current.languages].sort((a, b) =>
    languageName(a).localeCompare(languageName(b)),
  );
  return (
    <div className="grid grid-cols-2 gap-2 sm:grid-cols-[1fr_9rem_9rem_9rem]">
      <SearchInput
        className="col-span-2 w-full sm:col-span-1"
        value={filter.search ?? ""}
        onValue={(search) => onFilter({ ...filter, search: search || undefined })}
        label={t.voicePicker.search}
        clearLabel={t.common.clearSearch}
      />
      <Select
        aria-label={t.common.language}
        value={filter.language ?? ""}
        onChange={(event) => onFilter({ ...filter, language: event.target.value || undefined })}
      >
        <option value="">{t.voicePicker.anyLanguage}</option>
        {languages.map((tag) => (
          <option key={tag} value={tag}>
            {languageName(tag)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t.voicePicker.gender}
        value={filter.gender ?? ""}
        onChange={(event) =>
          onFilter({ ...filter, gender: GENDERS.find((one) => one === event.target.value) })
        }
      >
        <option value="">{t.voicePicker.anyGender}</option>
        {GENDERS.map((gender) => (
          <option key={gender} value={gender}>
            {t.voicePicker.genders[gender]}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t.voicePicker.style}
        value={filter.style ?? ""}
        onChange={(event) => onFilter({ ...filter, style: event.target.value || undefined })}
        className="col-span-2 sm:col-span-1"
      >
        <option value="">{t.voicePicker.anyStyle}</option>
        {[...seen.current.styles].sort().map((style) => (
          <option key={style} value={style}>
            {style}
          </option>
        ))}
      </Select>
    </div>
  );
}

function primary(tag: string): string {
  return tag.split("-")[0] ?? tag;
}
