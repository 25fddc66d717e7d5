import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/inputs";
import { Card } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";
import type { Agent } from "@/queries/agents";

type Values = Record<string, string>;

/** What fills the agent's variables in this conversation. */
export function TestVariables({
  agent,
  values,
  onValues,
  disabled,
}: {
  agent: Agent;
  values: Values;
  onValues: (values: Values) => void;
  disabled: boolean;
}) {
  const t = useText();
  const names = Object.keys(agent.variables);
  if (names.length === 0) return null;
  return (
    <Card title={t.agentForm.variables}>
      <div className="flex flex-col gap-4">
        {names.map((name) => (
          <Field key={name} label={<code className="font-mono">{name}</code>}>
            <Input
              value={values[name] ?? ""}
              disabled={disabled}
              placeholder={t.agentForm.required}
              onChange={(event) => onValues({ ...values, [name]: event.target.value })}
            />
          </Field>
        ))}
      </div>
    </Card>
  );
}

export function initialValues(agent: Agent): Values {
  return Object.fromEntries(
    Object.entries(agent.variables).map(([name, { default: value }]) => [
      name,
      value == null ? "" : String(value),
    ]),
  );
}

export function missingValues(agent: Agent, values: Values): string[] {
  return Object.keys(agent.variables).filter((name) => !values[name]?.trim());
}

/** The values in the types that the agent declares. */
export function valuesToSend(agent: Agent, values: Values): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      const type = agent.variables[name]?.type;
      if (type === "number" && !Number.isNaN(Number(text))) return [name, Number(text)];
      return [name, type === "boolean" ? text === "true" : text];
    }),
  );
}
