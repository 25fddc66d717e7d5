import { Field } from "@/components/ui/Field";
import { Input, Select } from "@/components/ui/inputs";
import { Card } from "@/components/ui/Page";
import { TemplateBox } from "@/components/ui/TemplateBox";
import { integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { usedVariables } from "./draft";
import { useAgentForm } from "./FormContext";

const LONGEST_PROMPT = 100_000;
const LONGEST_GREETING = 2_000;

/** Who the agent is and what it says first. */
export function BasicSection() {
  const t = useText();
  const { draft, set, error, readOnly } = useAgentForm();
  const count = usedVariables(draft).length;
  return (
    <Card title={t.agentForm.basic}>
      <div className="flex flex-col gap-5">
        <Field label={t.common.name} error={error("name")}>
          <Input
            value={draft.name}
            maxLength={64}
            required
            readOnly={readOnly}
            placeholder={t.agentForm.namePlaceholder}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field
          label={t.agentForm.prompt}
          hint={t.agentForm.promptHint}
          error={error("prompt")}
          aside={`${t.agentForm.variableCount(count)} · ${t.agentForm.length(integer(draft.prompt.length), integer(LONGEST_PROMPT))}`}
        >
          <TemplateBox
            value={draft.prompt}
            onValue={(prompt) => set({ prompt })}
            maxLength={LONGEST_PROMPT}
            required
            readOnly={readOnly}
            height="min-h-64 max-h-[32rem]"
            placeholder={t.agentForm.promptPlaceholder}
          />
        </Field>
        <Field
          label={t.agentForm.firstMessage}
          hint={t.agentForm.firstMessageHint}
          error={error("first_message")}
          aside={t.agentForm.length(integer(draft.first_message.length), integer(LONGEST_GREETING))}
        >
          <TemplateBox
            value={draft.first_message}
            onValue={(first_message) => set({ first_message })}
            maxLength={LONGEST_GREETING}
            readOnly={readOnly}
            placeholder={t.agentForm.firstMessagePlaceholder}
          />
        </Field>
        <Field label={t.agentForm.firstSpeaker} error={error("first_speaker")} className="sm:max-w-xs">
          <Select
            value={draft.first_speaker}
            disabled={readOnly}
            onChange={(event) => set({ first_speaker: event.target.value === "callee" ? "callee" : "agent" })}
          >
            <option value="agent">{t.agentForm.speakers.agent}</option>
            <option value="callee">{t.agentForm.speakers.callee}</option>
          </Select>
        </Field>
      </div>
    </Card>
  );
}
