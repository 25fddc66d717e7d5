import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { IconButton } from "@/components/ui/IconButton";
import { Input, Select } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import { useAgentForm } from "./FormContext";

const TYPES = ["string", "integer", "number", "boolean"] as const;

/** What a finished call is judged by, and what is to be found out from it. */
export function AnalysisSection() {
  return (
    <div className="flex flex-col gap-6">
      <Criteria />
      <DataPoints />
    </div>
  );
}

function Criteria() {
  const t = useText();
  const { draft, set, errorBelow, readOnly } = useAgentForm();
  const list = draft.evaluation ?? [];
  const change = (at: number, part: Partial<(typeof list)[number]>) =>
    set({ evaluation: list.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t.agentForm.evaluation}</legend>
      {list.map((criterion, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are controlled, so their place is their identity
        <div key={index} className="flex items-center gap-2">
          <Input
            aria-label={`${t.common.name} ${index + 1}`}
            placeholder={t.agentForm.criterionName}
            className="max-w-48"
            value={criterion.name}
            readOnly={readOnly}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Input
            aria-label={`${t.agentForm.goal} ${index + 1}`}
            placeholder={t.agentForm.goal}
            value={criterion.goal}
            readOnly={readOnly}
            onChange={(event) => change(index, { goal: event.target.value })}
          />
          <IconButton
            label={`${t.common.remove} ${criterion.name || index + 1}`}
            size="icon-sm"
            disabled={readOnly}
            onClick={() => set({ evaluation: list.filter((_, at) => at !== index) })}
          >
            <Trash2 aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <AddButton
        onClick={() => set({ evaluation: [...list, { name: "", goal: "" }] })}
        text={t.agentForm.addCriterion}
      />
      <Told text={errorBelow("evaluation")} />
    </fieldset>
  );
}

function DataPoints() {
  const t = useText();
  const { draft, set, errorBelow, readOnly } = useAgentForm();
  const list = draft.data_collection ?? [];
  const change = (at: number, part: Partial<(typeof list)[number]>) =>
    set({ data_collection: list.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t.agentForm.dataCollection}</legend>
      {list.map((point, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are controlled, so their place is their identity
        <div key={index} className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
          <Input
            aria-label={`${t.common.name} ${index + 1}`}
            placeholder="party_size"
            className="max-w-48"
            value={point.name}
            readOnly={readOnly}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Select
            aria-label={`${t.agentForm.type} ${index + 1}`}
            className="w-28 shrink-0"
            value={point.type ?? "string"}
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
            aria-label={`${t.agentForm.parameterDescription} ${index + 1}`}
            placeholder={t.agentForm.parameterDescription}
            value={point.description}
            readOnly={readOnly}
            onChange={(event) => change(index, { description: event.target.value })}
          />
          <IconButton
            label={`${t.common.remove} ${point.name || index + 1}`}
            size="icon-sm"
            disabled={readOnly}
            onClick={() => set({ data_collection: list.filter((_, at) => at !== index) })}
          >
            <Trash2 aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <AddButton
        onClick={() => set({ data_collection: [...list, { name: "", type: "string", description: "" }] })}
        text={t.agentForm.addDataPoint}
      />
      <Told text={errorBelow("data_collection")} />
    </fieldset>
  );
}

function AddButton({ onClick, text }: { onClick: () => void; text: string }) {
  const { readOnly } = useAgentForm();
  return (
    <Button size="sm" className="self-start" disabled={readOnly} onClick={onClick}>
      <Plus aria-hidden="true" />
      {text}
    </Button>
  );
}

function Told({ text }: { text: string | undefined }) {
  return text ? <p className="text-sm text-bad">{text}</p> : null;
}
