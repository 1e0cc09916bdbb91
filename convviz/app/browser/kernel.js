/* A page's connection to its kernel. What is said while there is none is kept until there is one again. */

import { PROTOCOL, frameOf, messageIn } from "./frames.js";

const VERSION = "5.3"; // of Jupyter's messages

export class Kernel {
  /* `hear` is called with each message and the id of the one that it answers; `lose` when the connection is lost that there was. */
  constructor({ baseUrl, kernelId }, { hear, lose }) {
    Object.assign(this, { hear, lose, session: crypto.randomUUID?.() ?? String(Math.random()), unsaid: [], asked: new Map(), count: 0 });
    this.address = new URL(`${baseUrl}api/kernels/${kernelId}/channels?session_id=${this.session}`, location.href);
    this.address.protocol = this.address.protocol.replace("http", "ws");
    this.connect();
  }

  get isConnected() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  connect() {
    const socket = (this.socket = new WebSocket(this.address, [PROTOCOL]));
    let wasOpen = false;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      wasOpen = true;
      this.unsaid.splice(0).forEach((frame) => socket.send(frame));
    };
    socket.onmessage = ({ data }) => this.take(messageIn(data));
    socket.onclose = () => {
      if (socket !== this.socket) return;
      this.answerAll(); // an answer that was on its way never comes
      if (wasOpen) this.lose();
    };
  }

  close() {
    const { socket } = this;
    this.socket = null;
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }

  /* Connect again, if need be. */
  reconnect() {
    if (this.socket.readyState > WebSocket.OPEN) this.connect();
  }

  /* Say something. What is returned has the message's id, and is fulfilled when the kernel has done what it makes of it. */
  say(type, content, { metadata = {}, buffers = [] } = {}) {
    const id = `${this.session}-${(this.count += 1)}`;
    const header = { msg_id: id, msg_type: type, session: this.session, username: "", date: new Date().toISOString(), version: VERSION };
    const frame = frameOf({ channel: "shell", header, metadata, content, buffers });
    if (this.isConnected) this.socket.send(frame);
    else this.unsaid.push(frame);
    return Object.assign(new Promise((resolve) => this.asked.set(id, resolve)), { id });
  }

  take({ header: { msg_type: type }, parent_header: { msg_id: parent }, content, buffers }) {
    if (type === "status" && content.execution_state === "idle") {
      this.asked.get(parent)?.();
      this.asked.delete(parent);
    } else this.hear(type, content, buffers, parent);
  }

  answerAll() {
    this.asked.forEach((resolve) => resolve());
    this.asked.clear();
  }
}
