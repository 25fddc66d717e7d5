"""The telephone in the browser: whoever has its page open is the callee at +1 415 555 0110."""
