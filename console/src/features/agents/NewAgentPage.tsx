import { Page } from "@/components/ui/Page";
import { useText } from "@/lib/i18n";

export function NewAgentPage() {
  const t = useText();
  return <Page title={t.agents.new}>{null}</Page>;
}
