/* A model as anywidget hands one over, for pages that have no kernel. */

export function standIn(state, answers = {}) {
  const listeners = {};
  const tell = (event, ...words) => [...(listeners[event] ?? [])].forEach((listener) => listener(...words));
  const model = {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      tell(`change:${name}`);
    },
    save_changes() {},
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off: (event, listener) => (listeners[event] = (listeners[event] ?? []).filter((other) => other !== listener)),
    send: (message) => answers[message.type]?.(message, tell),
    tell,
  };
  return model;
}

/* Answer a wish for frames with those that there are, as the kernel does. */
export function handOut(frames, { picture, generation }, tell) {
  for (const { png, ...frame } of frames.filter(Boolean)) {
    tell("msg:custom", { type: "frame", picture, generation, ...frame }, [png]);
  }
}

export const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
