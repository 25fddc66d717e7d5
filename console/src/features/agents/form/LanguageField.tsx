import { useMemo } from "react";
import { Combobox } from "@/components/ui/Combobox";
import { Field } from "@/components/ui/Field";
import { languageName } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";

/** Those that both platforms speak; any other tag can be sent by the API. */
const TAGS = (
  "en en-US en-GB en-AU es es-ES es-MX pt pt-BR pt-PT fr fr-FR fr-CA de de-DE it nl pl sv da nb fi cs sk hu ro bg " +
  "el tr ru uk ar hi ta ja ko zh id ms vi fil"
).split(" ");

export function LanguageField() {
  const t = useText();
  const { draft, set, error, readOnly } = useAgentForm();
  const options = useMemo(() => {
    const tags = TAGS.includes(draft.language) ? TAGS : [draft.language, ...TAGS];
    return tags.map((tag) => ({ value: tag, label: languageName(tag) }));
  }, [draft.language]);
  return (
    <Field label={t.common.language} error={error("language")}>
      <Combobox
        value={draft.language}
        onValue={(language) => set({ language })}
        options={options}
        placeholder={t.agentForm.chooseLanguage}
        emptyText={t.common.nothingFound}
        disabled={readOnly}
      />
    </Field>
  );
}
