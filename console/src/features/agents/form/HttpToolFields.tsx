import { Field } from "@/components/ui/Field";
import { Checkbox, Input, Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";
import { Box, Items } from "./Items";
import type { Tool } from "./ToolsSection";
import { TypeSelect } from "./TypeSelect";

type HttpTool = Extract<Tool, { type: "http" }>;
type Parameter = NonNullable<HttpTool["parameters"]>[number];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const PLACES = ["query", "path", "body", "header"] as const;
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
  const { readOnly } = useAgentForm();
  return (
    <Items
      legend={t.agentForm.parameters}
      path={`${path}.parameters`}
      items={tool.parameters ?? []}
      onItems={(parameters) => onChange({ ...tool, parameters })}
      fresh={(): Parameter => ({
        name: "",
        in: "query",
        type: "string",
        description: "",
        required: true,
        enum: [],
      })}
      addText={t.agentForm.addParameter}
      nameOf={(parameter) => parameter.name}
      columns="sm:grid-cols-[8rem_9rem_9rem_1fr_auto]"
    >
      {(parameter, change, at, number) => (
        <>
          <Box label={`${t.agentForm.parameterName} ${number}`} path={`${at}.name`}>
            <Input
              placeholder="order_id"
              value={parameter.name}
              readOnly={readOnly}
              onChange={(event) => change({ name: event.target.value })}
            />
          </Box>
          <Box label={`${t.agentForm.place} ${number}`} path={`${at}.in`}>
            <Select
              value={parameter.in}
              disabled={readOnly}
              onChange={(event) => {
                const place = PLACES.find((one) => one === event.target.value) ?? "query";
                change(place === "path" ? { in: place, required: true } : { in: place });
              }}
            >
              {PLACES.map((place) => (
                <option key={place} value={place}>
                  {t.agentForm.places[place]}
                </option>
              ))}
            </Select>
          </Box>
          <Box label={`${t.agentForm.type} ${number}`} path={`${at}.type`}>
            <TypeSelect value={parameter.type} onValue={(type) => change({ type })} />
          </Box>
          <Box label={`${t.agentForm.parameterDescription} ${number}`} path={`${at}.description`}>
            <Input
              placeholder={t.agentForm.parameterDescription}
              value={parameter.description}
              readOnly={readOnly}
              onChange={(event) => change({ description: event.target.value })}
            />
          </Box>
          <span className="flex h-9 items-center gap-1 text-sm">
            <Checkbox
              label={`${t.agentForm.parameterRequired} ${number}`}
              checked={parameter.required ?? true}
              disabled={readOnly || parameter.in === "path"}
              onCheckedChange={(required) => change({ required: required === true })}
            />
            <span aria-hidden="true">{t.agentForm.parameterRequired}</span>
          </span>
        </>
      )}
    </Items>
  );
}

function Headers({ tool, path, onChange }: HttpToolFieldsProps) {
  const t = useText();
  const { readOnly } = useAgentForm();
  return (
    <Items
      legend={t.agentForm.headers}
      path={`${path}.headers`}
      items={tool.headers ?? []}
      onItems={(headers) => onChange({ ...tool, headers })}
      fresh={() => ({ name: "", value: "" })}
      addText={t.agentForm.addHeader}
      nameOf={(header) => header.name}
      columns="sm:grid-cols-[12rem_1fr]"
    >
      {(header, change, at, number) => {
        const isKept = HIDDEN.test(header.value ?? "");
        return (
          <>
            <Box label={`${t.agentForm.headerName} ${number}`} path={`${at}.name`}>
              <Input
                placeholder="Authorization"
                value={header.name}
                readOnly={readOnly}
                onChange={(event) => change({ name: event.target.value })}
              />
            </Box>
            <Box label={`${t.agentForm.headerValue} ${number}`} path={`${at}.value`}>
              <Input
                type="password"
                autoComplete="off"
                placeholder={isKept ? t.agentForm.secretKept : t.agentForm.headerValue}
                value={isKept ? "" : (header.value ?? "")}
                readOnly={readOnly}
                onChange={(event) => change({ value: event.target.value })}
              />
            </Box>
          </>
        );
      }}
    </Items>
  );
}
