import { Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";

const TYPES = ["string", "integer", "number", "boolean"] as const;
type Type = (typeof TYPES)[number];

/** What kind of value is to be told. */
export function TypeSelect({ value, onValue }: { value: Type | undefined; onValue: (type: Type) => void }) {
  const t = useText();
  const { readOnly } = useAgentForm();
  return (
    <Select
      value={value ?? "string"}
      disabled={readOnly}
      onChange={(event) => onValue(TYPES.find((one) => one === event.target.value) ?? "string")}
    >
      {TYPES.map((type) => (
        <option key={type} value={type}>
          {t.agentForm.types[type]}
        </option>
      ))}
    </Select>
  );
}
