/* Compile the Python in a folder's archives, for the Pyodide in another folder: node compile.mjs PYODIDE FOLDER. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [home, folder] = process.argv.slice(2).map((path) => `${resolve(path)}/`);
const { loadPyodide } = await import(pathToFileURL(`${home}pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: home });
python.FS.mkdir("/folder");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/folder");
python.runPython(readFileSync(new URL("compiling.py", import.meta.url), "utf-8"));
python.runPython("compile_all('/folder')");
