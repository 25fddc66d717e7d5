import { Input, Select } from "@/components/ui/inputs";
import { Card } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";
import { type Draft, usedVariables } from "./draft";
import { useAgentForm } from "./FormContext";

type Variable = NonNullable<Draft["variables"]>[string];
const TYPES = ["string", "number", "boolean"] as const;

/** One line for each variable that the texts use: its type, and its value where a call gives none. */
export function VariablesSection() {
  const t = useText();
  const { draft, set, errorBelow, readOnly } = useAgentForm();
  const names = usedVariables(draft);
  const change = (name: string, variable: Variable) =>
    set({ variables: { ...draft.variables, [name]: variable } });
  return (
    <Card title={t.agentForm.variables}>
      {names.length === 0 ? (
        <p className="text-sm text-ink-soft">{t.agentForm.noVariables}</p>
      ) : (
        <ul className="flex flex-col gap-4">
          {names.map((name) => {
            const variable = draft.variables?.[name] ?? { type: "string", default: null };
            const problem = errorBelow(`variables.${name}`);
            return (
              <li key={name} className="flex flex-col gap-1.5">
                <code className="truncate font-mono text-sm font-medium" title={name}>
                  {name}
                </code>
                <div className="flex gap-2">
                  <Select
                    aria-label={t.agentForm.variableType(name)}
                    className="w-28 shrink-0"
                    value={variable.type}
                    disabled={readOnly}
                    onChange={(event) => {
                      const type = TYPES.find((one) => one === event.target.value) ?? "string";
                      change(name, { type, default: typed(type, String(variable.default ?? "")) });
                    }}
                  >
                    {TYPES.map((type) => (
                      <option key={type} value={type}>
                        {t.agentForm.types[type]}
                      </option>
                    ))}
                  </Select>
                  <DefaultInput name={name} variable={variable} onChange={(value) => change(name, value)} />
                </div>
                {problem && <p className="text-sm text-bad">{problem}</p>}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

function DefaultInput({
  name,
  variable,
  onChange,
}: {
  name: string;
  variable: Variable;
  onChange: (value: Variable) => void;
}) {
  const t = useText();
  const { readOnly } = useAgentForm();
  const label = t.agentForm.variableDefault(name);
  const type = variable.type ?? "string";
  const value = variable.default ?? null;
  if (type === "boolean") {
    return (
      <Select
        aria-label={label}
        value={value === null ? "" : String(value)}
        disabled={readOnly}
        onChange={(event) => onChange({ type, default: typed(type, event.target.value) })}
      >
        <option value="">{t.agentForm.required}</option>
        <option value="true">{t.common.yes}</option>
        <option value="false">{t.common.no}</option>
      </Select>
    );
  }
  return (
    <Input
      aria-label={label}
      type={type === "number" ? "number" : "text"}
      step="any"
      readOnly={readOnly}
      value={value === null ? "" : String(value)}
      placeholder={t.agentForm.required}
      onChange={(event) => onChange({ type, default: typed(type, event.target.value) })}
    />
  );
}

/** What was typed as a value of its type; nothing typed is no default. */
function typed(type: (typeof TYPES)[number], text: string): string | number | boolean | null {
  if (text === "") return null;
  if (type === "number") return Number.isNaN(Number(text)) ? null : Number(text);
  return type === "boolean" ? text === "true" : text;
}
