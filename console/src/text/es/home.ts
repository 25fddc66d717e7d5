import { integer } from "@/lib/format";
import { plural } from "@/lib/i18n/catalogue";
import type { Texts } from "@/text/en";

export const home: Texts["home"] = {
  title: "Inicio",
  today: (day, zone) => `Hoy, ${day} · ${zone}`,
  alerts: "Lo que hay que mirar ahora",
  live: "En curso",
  liveNone: "Nadie está al teléfono",
  calls: "Llamadas de hoy",
  callsNone: "Ninguna todavía",
  answerRate: "Tasa de respuesta",
  answered: (count) => plural(count, "1 respondida", `${integer(count)} respondidas`),
  answerNone: "Aún no ha terminado ninguna llamada",
  spend: "Gasto de hoy",
  spendNone: "Nada todavía",
  estimated: "Aún puede cambiar",
  duration: "Duración",
  timeToAnswer: "Tiempo hasta la respuesta",
  median: "mediana",
  p95: "p95",
  noMeasure: "Aún sin medir",
  quota: "Lo que queda en las plataformas",
  onPlatform: (count, platform) => `${integer(count)} ${platform}`,
  chart: "Llamadas",
  span: "Desde cuándo",
  spans: { day: "24 horas", week: "7 días", month: "30 días" },
  chartTold: (calls, answered, failed) =>
    `${plural(calls, "1 llamada", `${integer(calls)} llamadas`)}, ${integer(answered)} respondidas, ${integer(failed)} fallidas`,
  answeredKey: "Respondidas",
  failedKey: "Fallidas",
  otherKey: "Ocupadas, sin respuesta, anuladas o en marcha",
  outcomes: "Cómo terminaron las llamadas de hoy",
  outcomesNone: "Hoy no ha terminado ninguna llamada.",
  problems: "Últimos problemas",
  problemsNone: "Ninguno en los últimos siete días.",
  seeCall: "Ver la llamada",
  seeAgent: "Ver el agente",
  welcome: "Haga su primera llamada",
  welcomeText: (number) =>
    `En ${number} vive una persona inventada: descuelga, habla con su agente y cuelga. No se gasta nada y no suena ningún teléfono de verdad.`,
  welcomeMakes:
    "Para eso se crea un agente de ejemplo: la recepción de un pequeño restaurante. Cámbielo o elimínelo después.",
  welcomeWhere: "Dónde vive el agente",
  welcomeCall: "Llamar ahora",
  welcomeLive: "Cree un agente en una de las plataformas, oiga su voz y llame con él.",
  welcomeAgent: "Crear un agente",
  welcomePlace: "Hacer una llamada",
  starter: {
    name: "Casa Verde",
    prompt:
      "Eres la recepción de Casa Verde, un pequeño restaurante de Lisboa. Sé cálida y breve.\n\nAbrimos a las seis de la tarde y cerramos a medianoche. Los lunes cerramos. Una mesa para dos no necesita depósito. El menú de degustación cuesta cuarenta euros.",
    firstMessage: "Casa Verde, buenas tardes. ¿En qué puedo ayudarle?",
  },
};
