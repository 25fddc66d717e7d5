export const telephone = {
  ringing: "Suena el teléfono",
  answerByVoice: "Contestar y hablar",
  answerByTyping: "Contestar y escribir",
  decline: "Rechazar",
  idle: (number: string) => `Las llamadas al ${number} suenan aquí.`,
  ended: "La llamada ha terminado",
  endedBy: { caller_hangup: "El agente colgó.", callee_hangup: "Usted colgó." },
  seeCall: "Ver la llamada",
  said: "Lo que se dijo",
  silence: "Diga algo…",
  say: "Escriba lo que dice",
  hangUp: "Colgar",
};
