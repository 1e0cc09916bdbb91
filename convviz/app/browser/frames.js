/* Messages as they travel between a page and its kernel: Jupyter's protocol "v1", a frame of bytes for each.

   A frame begins with how many offsets there are, and the offsets; between them lie the channel, four dictionaries
   (header, parent header, metadata, content), and buffers. Source: "WebSocket protocols", documentation of Jupyter
   Server. */

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const WORD = 8; // bytes of an offset
const DICTIONARIES = ["header", "parent_header", "metadata", "content"];

const bytesIn = (buffer) =>
  ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);

export function frameOf({ channel, buffers = [], ...message }) {
  const encoder = new TextEncoder();
  const texts = [channel, ...DICTIONARIES.map((name) => JSON.stringify(message[name] ?? {}))];
  const parts = [...texts.map((text) => encoder.encode(text)), ...buffers.map(bytesIn)];
  const offsets = [WORD * (parts.length + 2)];
  for (const { byteLength } of parts) offsets.push(offsets.at(-1) + byteLength);
  const frame = new Uint8Array(offsets.at(-1));
  const view = new DataView(frame.buffer);
  [offsets.length, ...offsets].forEach((number, at) => view.setBigUint64(WORD * at, BigInt(number), true));
  parts.forEach((part, at) => frame.set(part, offsets[at]));
  return frame.buffer;
}

export function messageIn(frame) {
  const view = new DataView(frame);
  const number = (at) => Number(view.getBigUint64(WORD * at, true));
  const offsets = Array.from({ length: number(0) }, (_, at) => number(at + 1));
  const [channel, ...parts] = offsets.slice(1).map((end, at) => new Uint8Array(frame, offsets[at], end - offsets[at]));
  const decoder = new TextDecoder();
  const said = DICTIONARIES.map((name, at) => [name, JSON.parse(decoder.decode(parts[at]))]);
  return { channel: decoder.decode(channel), ...Object.fromEntries(said), buffers: parts.slice(DICTIONARIES.length) };
}
