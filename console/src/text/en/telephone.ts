export const telephone = {
  ringing: "The telephone rings",
  answerByVoice: "Answer and speak",
  answerByTyping: "Answer and type",
  decline: "Decline",
  idle: (number: string) => `Calls to ${number} ring here.`,
  ended: "The call is over",
  said: "What was said",
  silence: "Say something…",
  say: "Type what you say",
  hangUp: "Hang up",
};
