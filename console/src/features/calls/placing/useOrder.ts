import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { Placing } from "@/components/shared/placing";
import { newIntent } from "@/lib/api";
import { asProblem } from "@/lib/problem";
import { filledIn } from "@/lib/template";
import { agentQuery, agentsFound } from "@/queries/agents";
import { callQuery, placeCall } from "@/queries/calls";
import { checkNumber, homeCountry } from "./number";
import { problemsOf, type Typed, typedOf, valuesOf, withDefaults } from "./variables";

export type Order = ReturnType<typeof useOrder>;

/** A call as it is being put together, and its placing. */
export function useOrder(known: Placing, onPlaced: () => void) {
  const [agentId, setAgentId] = useAgentId(known);
  const { data: agent } = useQuery({ ...agentQuery(agentId ?? ""), enabled: agentId !== null });
  const [number, setNumber] = useState(known.to ?? "");
  const [country, setCountry] = useState(homeCountry.get());
  const [changes, setTyped] = useState<Typed>({});
  const [tried, setTried] = useState(false);

  const declared = agent?.variables ?? {};
  const typed = { ...typedOf(declared, known.variables), ...changes };
  const problems = problemsOf(declared, typed);
  const values = valuesOf(declared, typed);
  const { e164 } = checkNumber(number, country);
  const place = usePlace(() => {
    homeCountry.set(country);
    onPlaced();
  });
  const ready = Boolean(agent && e164) && Object.keys(problems).length === 0;
  const submit = () => {
    setTried(true);
    if (ready && !place.isPending)
      place.mutate({ agent_id: agentId ?? "", to: e164 ?? "", variables: values });
  };
  const refused = place.isError ? asProblem(place.error) : null;
  const fields = ["to", "agent_id", ...Object.keys(declared).map((name) => `variables.${name}`)];
  return {
    agentId,
    setAgentId,
    agent,
    number,
    setNumber,
    country,
    setCountry,
    declared,
    typed,
    setTyped,
    problems,
    tried,
    submit,
    busy: place.isPending,
    /** What the server says is wrong with a field. */
    refusal: (field: string) => refused?.fields.find((one) => one.field === field)?.message,
    /** A refusal that no field of the form can show. */
    refusedElsewhere: refused?.fields.some(({ field }) => fields.includes(field)) ? null : refused,
    /** The agent's first words, with what is known. */
    opening: agent?.first_message ? filledIn(agent.first_message, withDefaults(declared, values)) : null,
  };
}

/** The chosen agent; the only one there is needs no choosing. */
function useAgentId(known: Placing) {
  const [chosen, setChosen] = useState(known.agentId ?? null);
  const { data: found } = useQuery(agentsFound(""));
  const only = found?.length === 1 ? (found[0]?.id ?? null) : null;
  return [chosen ?? only, setChosen] as const;
}

/** Places the call and leads to its page. Trying the same again, say after a lost connection, rings no second time. */
function usePlace(onPlaced: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const intent = useRef({ order: "", key: "" });
  return useMutation({
    mutationFn: (order: Parameters<typeof placeCall>[0]) => {
      const text = JSON.stringify(order);
      if (intent.current.order !== text) intent.current = { order: text, key: newIntent() };
      return placeCall(order, intent.current.key);
    },
    onSuccess: async (call) => {
      client.setQueryData(callQuery(call.id).queryKey, call);
      void client.invalidateQueries({ queryKey: ["calls"] });
      onPlaced();
      await navigate({ to: "/calls/$callId", params: { callId: call.id } });
    },
  });
}
