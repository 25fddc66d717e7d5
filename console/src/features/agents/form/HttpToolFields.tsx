import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { IconButton } from "@/components/ui/IconButton";
import { Checkbox, Input, Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";
import type { Tool } from "./ToolsSection";

type HttpTool = Extract<Tool, { type: "http" }>;
type Parameter = NonNullable<HttpTool["parameters"]>[number];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const PLACES = ["query", "path", "body", "header"] as const;
const TYPES = ["string", "integer", "number", "boolean"] as const;
/** The server shows these instead of a secret, and keeps the stored one when it gets them back. */
const HIDDEN = /^\*+$/;

interface HttpToolFieldsProps {
  tool: HttpTool;
  path: string;
  onChange: (tool: HttpTool) => void;
}

/** A request that the agent may make while it talks. */
export function HttpToolFields({ tool, path, onChange }: HttpToolFieldsProps) {
  const t = useText();
  const { error, readOnly } = useAgentForm();
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t.common.name} error={error(`${path}.name`) ?? error(path)}>
          <Input
            value={tool.name}
            readOnly={readOnly}
            placeholder="find_order"
            onChange={(event) => onChange({ ...tool, name: event.target.value })}
          />
        </Field>
        <Field label={t.agentForm.toolDescription} error={error(`${path}.description`)}>
          <Input
            value={tool.description}
            readOnly={readOnly}
            placeholder={t.agentForm.toolDescriptionExample}
            onChange={(event) => onChange({ ...tool, description: event.target.value })}
          />
        </Field>
      </div>
      <div className="grid gap-3 sm:grid-cols-[8rem_1fr]">
        <Field label={t.agentForm.method}>
          <Select
            value={tool.method ?? "GET"}
            disabled={readOnly}
            onChange={(event) =>
              onChange({ ...tool, method: METHODS.find((one) => one === event.target.value) ?? "GET" })
            }
          >
            {METHODS.map((method) => (
              <option key={method}>{method}</option>
            ))}
          </Select>
        </Field>
        <Field label={t.agentForm.url} error={error(`${path}.url`)}>
          <Input
            type="url"
            value={tool.url}
            readOnly={readOnly}
            placeholder="https://api.example.com/orders/{order_id}"
            onChange={(event) => onChange({ ...tool, url: event.target.value })}
          />
        </Field>
      </div>
      <Parameters tool={tool} path={path} onChange={onChange} />
      <Headers tool={tool} path={path} onChange={onChange} />
    </>
  );
}

function Parameters({ tool, path, onChange }: HttpToolFieldsProps) {
  const t = useText();
  const { errorBelow, readOnly } = useAgentForm();
  const list = tool.parameters ?? [];
  const change = (at: number, part: Partial<Parameter>) =>
    onChange({ ...tool, parameters: list.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t.agentForm.parameters}</legend>
      {list.map((parameter, index) => {
        const problem = errorBelow(`${path}.parameters.${index}`);
        const label = (what: string) => `${what} ${index + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are controlled, so their place is their identity
          <div key={index} className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
            <Input
              aria-label={label(t.agentForm.parameterName)}
              placeholder="order_id"
              className="sm:w-32 sm:shrink-0"
              value={parameter.name}
              readOnly={readOnly}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <Select
              aria-label={label(t.agentForm.place)}
              className="w-24 shrink-0"
              value={parameter.in}
              disabled={readOnly}
              onChange={(event) => {
                const place = PLACES.find((one) => one === event.target.value) ?? "query";
                change(index, place === "path" ? { in: place, required: true } : { in: place });
              }}
            >
              {PLACES.map((place) => (
                <option key={place}>{place}</option>
              ))}
            </Select>
            <Select
              aria-label={label(t.agentForm.type)}
              className="w-26 shrink-0"
              value={parameter.type ?? "string"}
              disabled={readOnly}
              onChange={(event) =>
                change(index, { type: TYPES.find((one) => one === event.target.value) ?? "string" })
              }
            >
              {TYPES.map((type) => (
                <option key={type} value={type}>
                  {t.agentForm.types[type]}
                </option>
              ))}
            </Select>
            <Input
              aria-label={label(t.agentForm.parameterDescription)}
              placeholder={t.agentForm.parameterDescription}
              value={parameter.description}
              readOnly={readOnly}
              {...(problem ? { "aria-invalid": true, title: problem } : {})}
              onChange={(event) => change(index, { description: event.target.value })}
            />
            <Checkbox
              label={label(t.agentForm.parameterRequired)}
              checked={parameter.required ?? true}
              disabled={readOnly || parameter.in === "path"}
              onCheckedChange={(required) => change(index, { required: required === true })}
            />
            <IconButton
              label={`${t.common.remove} ${parameter.name || index + 1}`}
              size="icon-sm"
              disabled={readOnly}
              onClick={() => onChange({ ...tool, parameters: list.filter((_, at) => at !== index) })}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
            {problem && <p className="w-full text-sm text-bad sm:hidden">{problem}</p>}
          </div>
        );
      })}
      <Button
        size="sm"
        className="self-start"
        disabled={readOnly}
        onClick={() =>
          onChange({
            ...tool,
            parameters: [
              ...list,
              { name: "", in: "query", type: "string", description: "", required: true, enum: [] },
            ],
          })
        }
      >
        <Plus aria-hidden="true" />
        {t.agentForm.addParameter}
      </Button>
      {told(errorBelow(`${path}.parameters`))}
    </fieldset>
  );
}

function told(text: string | undefined) {
  return text ? <p className="text-sm text-bad">{text}</p> : null;
}

function Headers({ tool, path, onChange }: HttpToolFieldsProps) {
  const t = useText();
  const { errorBelow, readOnly } = useAgentForm();
  const list = tool.headers ?? [];
  const change = (at: number, part: Partial<(typeof list)[number]>) =>
    onChange({ ...tool, headers: list.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t.agentForm.headers}</legend>
      {list.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are controlled, so their place is their identity
        <div key={index} className="flex items-center gap-2">
          <Input
            aria-label={`${t.agentForm.headerName} ${index + 1}`}
            placeholder="Authorization"
            className="max-w-48"
            value={header.name}
            readOnly={readOnly}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Input
            aria-label={`${t.agentForm.headerValue} ${index + 1}`}
            type="password"
            autoComplete="off"
            placeholder={HIDDEN.test(header.value ?? "") ? t.agentForm.secretKept : t.agentForm.headerValue}
            value={HIDDEN.test(header.value ?? "") ? "" : (header.value ?? "")}
            readOnly={readOnly}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <IconButton
            label={`${t.common.remove} ${header.name || index + 1}`}
            size="icon-sm"
            disabled={readOnly}
            onClick={() => onChange({ ...tool, headers: list.filter((_, at) => at !== index) })}
          >
            <Trash2 aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        disabled={readOnly}
        onClick={() => onChange({ ...tool, headers: [...list, { name: "", value: "" }] })}
      >
        <Plus aria-hidden="true" />
        {t.agentForm.addHeader}
      </Button>
      {told(errorBelow(`${path}.headers`))}
    </fieldset>
  );
}
