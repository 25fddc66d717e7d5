import { ChevronRight, Globe, Hash, PhoneForwarded, PhoneOff, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { IconButton } from "@/components/ui/IconButton";
import { Input } from "@/components/ui/inputs";
import { Menu, MenuItem } from "@/components/ui/Menu";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import type { Draft } from "./draft";
import { useAgentForm } from "./FormContext";
import { HttpToolFields } from "./HttpToolFields";
import { Box, Items } from "./Items";
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

/** So many are shown open; more are a list to choose from. */
const FEW = 3;

/** What the agent can do besides talking. */
export function ToolsSection() {
  const t = useText();
  const { draft, set, readOnly } = useAgentForm();
  const { tools } = draft;
  const keys = useItemKeys(tools.length);
  const [known] = useState(tools.length);
  const add = useRef<HTMLButtonElement>(null);
  const replace = (at: number, tool: Tool) =>
    set({ tools: tools.map((one, index) => (index === at ? tool : one)) });
  const remove = (at: number) => {
    keys.remove(at);
    set({ tools: tools.filter((_, index) => index !== at) });
    add.current?.focus();
  };
  const taken = new Set(tools.map((tool) => tool.type));
  return (
    <div className="flex flex-col gap-4">
      {tools.length === 0 && <p className="text-ink-soft">{t.agentForm.noTools}</p>}
      {tools.map((tool, index) => (
        <ToolCard
          key={keys.of(index)}
          tool={tool}
          path={`tools.${index}`}
          startsOpen={known <= FEW || keys.of(index) >= known}
          onChange={(changed) => replace(index, changed)}
          onRemove={() => remove(index)}
        />
      ))}
      <div>
        <Menu
          align="start"
          trigger={
            <Button ref={add} disabled={readOnly}>
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

interface ToolCardProps extends ToolFieldsProps {
  startsOpen: boolean;
  onRemove: () => void;
}

function ToolCard({ tool, path, startsOpen, onChange, onRemove }: ToolCardProps) {
  const t = useText();
  const { errorBelow, readOnly } = useAgentForm();
  const problem = errorBelow(path);
  const [wanted, setOpen] = useState(startsOpen);
  const open = wanted || problem !== undefined;
  const id = useId();
  const kind = t.agentForm.toolKinds[tool.type];
  const name = tool.type === "http" ? tool.name : "";
  return (
    <section aria-label={name ? `${kind} ${name}` : kind} className="rounded-lg border border-line">
      <header className={cn("flex items-center gap-2 py-1.5 pr-3 pl-1", open && "border-b border-line")}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left hover:bg-hover [&_svg]:size-4 [&_svg]:shrink-0"
        >
          <ChevronRight
            aria-hidden="true"
            className={cn("text-ink-faint transition-transform", open && "rotate-90")}
          />
          {ICONS[tool.type]}
          <span className="font-medium whitespace-nowrap">{kind}</span>
          <code className="truncate font-mono text-xs text-ink-soft">{name}</code>
        </button>
        <IconButton label={t.agentForm.removeTool} size="icon-sm" disabled={readOnly} onClick={onRemove}>
          <Trash2 aria-hidden="true" />
        </IconButton>
      </header>
      <div id={id} hidden={!open} className={cn("flex-col gap-4 p-3", open && "flex")}>
        {open && <ToolFields tool={tool} path={path} onChange={onChange} />}
        {tool.type === "keypad" && problem && <p className="text-sm text-bad">{problem}</p>}
      </div>
    </section>
  );
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
  return (
    <Items
      legend={t.agentForm.destinations}
      path={`${path}.destinations`}
      items={tool.destinations}
      onItems={(destinations) => onChange({ ...tool, destinations })}
      fresh={() => ({ number: "", when: "" })}
      addText={t.agentForm.addDestination}
      nameOf={(destination) => destination.number}
      never="empty"
      columns="sm:grid-cols-[12rem_1fr]"
    >
      {(destination, change, at, number) => (
        <>
          <Box label={`${t.agentForm.number} ${number}`} path={`${at}.number`}>
            <Input
              type="tel"
              value={destination.number}
              readOnly={readOnly}
              placeholder="+14155550100"
              onChange={(event) => change({ number: event.target.value })}
            />
          </Box>
          <Box label={`${t.agentForm.when} ${number}`} path={`${at}.when`}>
            <Input
              value={destination.when}
              readOnly={readOnly}
              placeholder={t.agentForm.transferWhen}
              onChange={(event) => change({ when: event.target.value })}
            />
          </Box>
        </>
      )}
    </Items>
  );
}
