import { Input } from "@/components/ui/inputs";
import { useText } from "@/lib/i18n";
import type { Draft } from "./draft";
import { useAgentForm } from "./FormContext";
import { Box, Items } from "./Items";
import { TypeSelect } from "./TypeSelect";

type DataPoint = Draft["data_collection"][number];

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
  const { draft, set, readOnly } = useAgentForm();
  return (
    <Items
      legend={t.agentForm.evaluation}
      path="evaluation"
      items={draft.evaluation}
      onItems={(evaluation) => set({ evaluation })}
      fresh={() => ({ name: "", goal: "" })}
      addText={t.agentForm.addCriterion}
      nameOf={(criterion) => criterion.name}
      columns="sm:grid-cols-[12rem_1fr]"
    >
      {(criterion, change, path, number) => (
        <>
          <Box label={`${t.common.name} ${number}`} path={`${path}.name`}>
            <Input
              placeholder={t.agentForm.criterionName}
              value={criterion.name}
              readOnly={readOnly}
              onChange={(event) => change({ name: event.target.value })}
            />
          </Box>
          <Box label={`${t.agentForm.goal} ${number}`} path={`${path}.goal`}>
            <Input
              placeholder={t.agentForm.goal}
              value={criterion.goal}
              readOnly={readOnly}
              onChange={(event) => change({ goal: event.target.value })}
            />
          </Box>
        </>
      )}
    </Items>
  );
}

function DataPoints() {
  const t = useText();
  const { draft, set, readOnly } = useAgentForm();
  return (
    <Items
      legend={t.agentForm.dataCollection}
      path="data_collection"
      items={draft.data_collection}
      onItems={(data_collection) => set({ data_collection })}
      fresh={(): DataPoint => ({ name: "", type: "string", description: "" })}
      addText={t.agentForm.addDataPoint}
      nameOf={(point) => point.name}
      columns="sm:grid-cols-[12rem_9rem_1fr]"
    >
      {(point, change, path, number) => (
        <>
          <Box label={`${t.common.name} ${number}`} path={`${path}.name`}>
            <Input
              placeholder="party_size"
              value={point.name}
              readOnly={readOnly}
              onChange={(event) => change({ name: event.target.value })}
            />
          </Box>
          <Box label={`${t.agentForm.type} ${number}`} path={`${path}.type`}>
            <TypeSelect value={point.type} onValue={(type) => change({ type })} />
          </Box>
          <Box label={`${t.agentForm.parameterDescription} ${number}`} path={`${path}.description`}>
            <Input
              placeholder={t.agentForm.parameterDescription}
              value={point.description}
              readOnly={readOnly}
              onChange={(event) => change({ description: event.target.value })}
            />
          </Box>
        </>
      )}
    </Items>
  );
}
