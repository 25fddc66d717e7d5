export const agentTest = {
  ways: "Cómo probarlo",
  text: "Por escrito",
  voice: "De viva voz",
  phone: "Llámeme",
  conversation: "Conversación",
  textHint: "Escriba con el agente tal como está guardado. Responde por escrito.",
  voiceHint: "Hable con el agente por el micrófono. Puede interrumpirlo.",
  start: { text: "Empezar la conversación", voice: "Empezar a hablar" },
  again: "Empezar otra vez",
  over: "Terminada",
  end: "Colgar",
  write: "Escriba algo",
  writeToo: "O escriba algo",
  send: "Enviar",
  mute: "Apagar micrófono",
  unmute: "Encender micrófono",
  you: "Usted",
  agent: "Agente",
  levels: "Niveles",
  states: { listening: "Escucha", thinking: "Piensa", speaking: "Habla" },
  toolUsed: (name: string) => `usó ${name}`,
  toolFailed: (name: string) => `${name} falló`,
  missing: (names: string) => `Primero dé un valor: ${names}`,
  savedOnly: (version: number) =>
    `Prueba la versión ${version} tal como está guardada. Estas conversaciones figuran entre las llamadas.`,
  phoneHint: (number: string) =>
    `El agente llama al ${number}, que suena aquí en la página. Conteste hablando o escribiendo.`,
  callMe: "Llámeme",
  noTelephone:
    "El teléfono de la página es del simulador, y sus proveedores son reales. Haga una llamada a su propio número.",
  troubles: {
    insecure:
      "Los navegadores solo dan el micrófono a páginas por HTTPS o de este equipo. Escriba en su lugar.",
    refused:
      "El navegador no deja a esta página usar el micrófono. Permítalo junto a la dirección, o escriba.",
    missing: "No se encontró ningún micrófono. Conecte uno, o escriba.",
    soundless: "Este navegador no reproduce sonido aquí. Lea y escriba.",
  },
  broken: "Se cortó la conexión con la conversación. Empiece otra vez.",
  seeCall: "Ver la llamada",
  followCall: "Seguir la llamada",
};
