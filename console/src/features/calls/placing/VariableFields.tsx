import { Field } from "@/components/ui/Field";
import { Input, Select } from "@/components/ui/inputs";
import type { Schema } from "@/lib/api";
import { useText } from "@/lib/i18n";
import type { Typed } from "./variables";

interface VariableFieldsProps {
  declared: Record<string, Schema<"Variable">>;
  typed: Typed;
  onTyped: (typed: Typed) => void;
  problem: (name: string) => string | null | undefined;
}

/** One field for each variable of the agent, of its type. */
export function VariableFields({ declared, typed, onTyped, problem }: VariableFieldsProps) {
  const t = useText();
  const needed = ([, { default: usual }]: [string, Schema<"Variable">]) => (usual == null ? 0 : 1);
  const names = Object.entries(declared).sort((one, other) => needed(one) - needed(other));
  if (names.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-3 font-semibold">{t.placing.variables}</legend>
      {names.map(([name, { type, default: usual }]) => {
        const change = (text: string) => onTyped({ ...typed, [name]: text });
        const value = typed[name] ?? "";
        return (
          <Field
            key={name}
            label={<code className="font-mono">{name}</code>}
            aside={usual == null ? undefined : t.common.optional}
            error={problem(name)}
            hint={usual == null ? undefined : t.placing.usual(String(usual))}
          >
            {type === "boolean" ? (
              <Select value={value} onChange={(event) => change(event.target.value)}>
                <option value="">–</option>
                <option value="true">{t.common.yes}</option>
                <option value="false">{t.common.no}</option>
              </Select>
            ) : (
              <Input
                inputMode={type === "number" ? "decimal" : "text"}
                value={value}
                onChange={(event) => change(event.target.value)}
              />
            )}
          </Field>
        );
      })}
    </fieldset>
  );
}
