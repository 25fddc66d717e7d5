import { MessageSquareText, Mic, PhoneCall } from "lucide-react";
import { useState } from "react";
import { Segments } from "@/components/ui/Tabs";
import { useText } from "@/lib/i18n";
import type { Agent } from "@/queries/agents";
import { CallMe } from "./CallMe";
import { TalkPanel } from "./TalkPanel";

type Way = "text" | "voice" | "phone";

/** Try the agent: in writing, aloud, or on the telephone. */
export function TestTab({ agent }: { agent: Agent }) {
  const t = useText();
  const [way, setWay] = useState<Way>("text");
  return (
    <div className="flex flex-col gap-6">
      <Segments
        label={t.agentTest.ways}
        value={way}
        onValue={setWay}
        choices={[
          {
            id: "text",
            name: <Named icon={<MessageSquareText aria-hidden="true" />} text={t.agentTest.text} />,
          },
          { id: "voice", name: <Named icon={<Mic aria-hidden="true" />} text={t.agentTest.voice} /> },
          { id: "phone", name: <Named icon={<PhoneCall aria-hidden="true" />} text={t.agentTest.phone} /> },
        ]}
      />
      {way === "phone" ? <CallMe agent={agent} /> : <TalkPanel key={way} agent={agent} mode={way} />}
    </div>
  );
}

function Named({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <>
      {icon}
      {text}
    </>
  );
}
