import { Globe, Hash, PhoneForwarded, PhoneOff, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { IconButton } from "@/components/ui/IconButton";
import { Input } from "@/components/ui/inputs";
import { Menu, MenuItem } from "@/components/ui/Menu";
import { useText } from "@/lib/i18n";
import type { Draft } from "./draft";
import { useAgentForm } from "./FormContext";
import { HttpToolFields } from "./HttpToolFields";
import { useItemKeys } from "./itemKeys";

export type Tool = NonNullable<Draft["tools"]>[number];
type Kind = Tool["type"];

const ICONS: Record<Kind, ReactNode> = {
  http: <Globe aria-hidden="true" />,
  transfer: <PhoneForwarded aria-hidden="true" />,
  keypad: <Hash aria-hidden="true" />,
  end_call: <PhoneOff aria-hidden="true" />,
};
const KINDS: readonly Kind[] = ["http", "transfer", "keypad", "end_call"];

const FRESH: Record<Kind, () => Tool> = {
  http: () => ({
    type: "http",
    name: "",
    description: "",
    method: "GET",
    url: "https://",
    parameters: [],
    constants: [],
    headers: [],
  }),
  transfer: () => ({ type: "transfer", destinations: [{ number: "", when: "" }] }),
  keypad: () => ({ type: "keypad" }),
  end_call: () => ({ type: "end_call", when: "" }),
};

/** What the agent can do besides talking. */
export function ToolsSection() {
  const t = useText();
  const { draft, set, errorBelow, readOnly } = useAgentForm();
  const tools = draft.tools ?? [];
  const keys = useItemKeys(tools.length);
  const replace = (at: number, tool: Tool) =>
    set({ tools: tools.map((one, index) => (index === at ? tool : one)) });
  const remove = (at: number) => {
    keys.remove(at);
    set({ tools: tools.filter((_, index) => index !== at) });
  };
  const taken = new Set(tools.map((tool) => tool.type));
  return (
    <div className="flex flex-col gap-4">
      {tools.length === 0 && <p className="text-ink-soft">{t.agentForm.noTools}</p>}
      {tools.map((tool, index) => (
        <section
          key={keys.of(index)}
          aria-label={t.agentForm.toolKinds[tool.type]}
          className="rounded-lg border border-line"
        >
          <header className="flex items-center gap-2 border-b border-line px-3 py-1.5 [&_svg]:size-4">
            {ICONS[tool.type]}
            <span className="flex-1 font-medium">{t.agentForm.toolKinds[tool.type]}</span>
            <IconButton
              label={t.agentForm.removeTool}
              size="icon-sm"
              disabled={readOnly}
              onClick={() => remove(index)}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
          </header>
          <div className="flex flex-col gap-4 p-3">
            <ToolFields tool={tool} path={`tools.${index}`} onChange={(changed) => replace(index, changed)} />
            {tool.type === "keypad" && errorBelow(`tools.${index}`) && (
              <p className="text-sm text-bad">{errorBelow(`tools.${index}`)}</p>
            )}
          </div>
        </section>
      ))}
      <div>
        <Menu
          align="start"
          trigger={
            <Button disabled={readOnly}>
              <Plus aria-hidden="true" />
              {t.agentForm.addTool}
            </Button>
          }
        >
          {KINDS.map((kind) => (
            <MenuItem
              key={kind}
              icon={ICONS[kind]}
              disabled={kind !== "http" && taken.has(kind)}
              onSelect={() => set({ tools: [...tools, FRESH[kind]()] })}
            >
              {t.agentForm.toolKinds[kind]}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </div>
  );
}

interface ToolFieldsProps {
  tool: Tool;
  path: string;
  onChange: (tool: Tool) => void;
}

function ToolFields({ tool, path, onChange }: ToolFieldsProps) {
  const t = useText();
  const { error, errorBelow, readOnly } = useAgentForm();
  if (tool.type === "http") return <HttpToolFields tool={tool} path={path} onChange={onChange} />;
  if (tool.type === "keypad") return <p className="text-sm text-ink-soft">{t.agentForm.keypadText}</p>;
  if (tool.type === "end_call") {
    return (
      <Field label={t.agentForm.when} error={error(`${path}.when`) ?? errorBelow(path)}>
        <Input
          value={tool.when}
          readOnly={readOnly}
          placeholder={t.agentForm.endCallWhen}
          onChange={(event) => onChange({ ...tool, when: event.target.value })}
        />
      </Field>
    );
  }
  const change = (at: number, part: Partial<(typeof tool.destinations)[number]>) =>
    onChange({
      ...tool,
      destinations: tool.destinations.map((one, index) => (index === at ? { ...one, ...part } : one)),
    });
  return (
    <>
      {tool.destinations.map((destination, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are controlled, so their place is their identity
        <div key={index} className="grid gap-3 sm:grid-cols-[12rem_1fr]">
          <Field label={t.agentForm.number} error={error(`${path}.destinations.${index}.number`)}>
            <Input
              type="tel"
              value={destination.number}
              readOnly={readOnly}
              placeholder="+14155550100"
              onChange={(event) => change(index, { number: event.target.value })}
            />
          </Field>
          <Field label={t.agentForm.when} error={error(`${path}.destinations.${index}.when`)}>
            <Input
              value={destination.when}
              readOnly={readOnly}
              placeholder={t.agentForm.transferWhen}
              onChange={(event) => change(index, { when: event.target.value })}
            />
          </Field>
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        disabled={readOnly}
        onClick={() => onChange({ ...tool, destinations: [...tool.destinations, { number: "", when: "" }] })}
      >
        <Plus aria-hidden="true" />
        {t.agentForm.addDestination}
      </Button>
    </>
  );
}
