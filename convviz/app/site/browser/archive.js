/* Archives as `packing.py` makes them: tar, compressed by gzip. */

const BLOCK = 512;
const [NAME, SIZE, KIND, PREFIX] = [[0, 100], [124, 136], [156, 157], [345, 500]];

/* Lists the files of an archive: their names, and their bytes, which are not copied. */
export async function filesIn({ body }) {
  const all = new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  const files = [];
  const decoder = new TextDecoder();
  for (let at = 0; all[at]; ) {
    const text = ([from, to]) => decoder.decode(all.subarray(at + from, at + to)).replace(/\0.*$/s, "");
    const size = parseInt(text(SIZE), 8);
    const start = at + BLOCK;
    if (text(KIND) === "0") files.push([[text(PREFIX), text(NAME)].filter(Boolean).join("/"), all.subarray(start, start + size)]);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/* Write files below a folder of Python's. */
export function unpack(files, folder, FS) {
  const made = new Set();
  for (const [name, bytes] of files) {
    const path = `${folder}/${name}`;
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(parent)) FS.mkdirTree(parent), made.add(parent);
    FS.writeFile(path, bytes, { canOwn: true });
  }
}
