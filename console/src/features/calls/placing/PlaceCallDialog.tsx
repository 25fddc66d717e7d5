import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PhoneOutgoing } from "lucide-react";
import type { FormEvent } from "react";
import { AgentPicker } from "@/components/shared/AgentPicker";
import type { Placing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { ErrorNotice, Notice, Skeleton } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { agentsFound } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { NumberField } from "./NumberField";
import { type Order, useOrder } from "./useOrder";
import { VariableFields } from "./VariableFields";

/** Which agent, which number, with what: then it rings. */
export default function PlaceCallDialog({ known, onClose }: { known: Placing; onClose: () => void }) {
  const t = useText();
  const may = useMay("calls:write");
  const order = useOrder(known, onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    order.submit();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={t.placing.title}
      description={t.placing.text}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form="place-call" busy={order.busy} disabled={!may}>
            <PhoneOutgoing aria-hidden="true" />
            {t.placing.call}
          </Button>
        </>
      }
    >
      <form id="place-call" noValidate onSubmit={submit} className="flex flex-col gap-5 pt-2">
        {!may && <Notice>{t.placing.rights}</Notice>}
        {order.refusedElsewhere && <ErrorNotice error={order.refusedElsewhere} />}
        <AgentPart order={order} onClose={onClose} />
        <NumberField
          value={order.number}
          onValue={order.setNumber}
          country={order.country}
          onCountry={order.setCountry}
          tried={order.tried}
          refusal={order.refusal("to")}
        />
        {order.agentId && !order.agent && <Skeleton className="h-9 w-full" />}
        <VariableFields
          declared={order.declared}
          typed={order.typed}
          onTyped={order.setTyped}
          problem={(name) => {
            const problem = order.tried ? order.problems[name] : undefined;
            return order.refusal(`variables.${name}`) ?? (problem ? t.placing[problem] : null);
          }}
        />
        {order.opening && (
          <figure className="flex flex-col gap-1 rounded-lg bg-sunken p-3">
            <figcaption className="text-xs text-ink-soft">{t.placing.opening}</figcaption>
            <blockquote dir="auto" className="break-words whitespace-pre-wrap">
              {order.opening}
            </blockquote>
          </figure>
        )}
      </form>
    </Dialog>
  );
}

/** Who talks, and what stands in the way of that. */
function AgentPart({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useText();
  const { data: first } = useQuery(agentsFound(""));
  const { agent, agentId } = order;
  return (
    <>
      <Field
        label={t.placing.agent}
        error={order.refusal("agent_id") ?? (order.tried && !agentId ? t.placing.agentNeeded : null)}
      >
        <AgentPicker value={agentId} onValue={order.setAgentId} placeholder={t.placing.chooseAgent} />
      </Field>
      {first?.length === 0 && (
        <Notice tone="accent">
          {t.placing.noAgent}{" "}
          <Link to="/agents/new" onClick={onClose} className="text-accent underline">
            {t.placing.makeAgent}
          </Link>
        </Notice>
      )}
      {agent && agent.status !== "active" && (
        <Notice>{t.placing.inactive(t.agents.status[agent.status])}</Notice>
      )}
    </>
  );
}
