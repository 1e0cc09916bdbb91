/* The field that opens over a cell to type in. */

import { element } from "./dom.js";
import { LONGEST_TEXT } from "./edits.js";

const BLOCK = /[\t\n,;[\]]|\S\s+\S/;

/* Whether pasted text holds several numbers: a decimal comma alone does not make two of one. */
export const isBlock = (text) => BLOCK.test(text.trim().replace(/^(-?\d+),(\d+)$/, "$1.$2"));

/* Open a field over the cell. `hands` says what becomes of it: commit(text, key), cancel(), paste(text). */
export function openField(node, label, text, hands) {
  const field = element("input", {
    class: "convviz-field",
    inputmode: "decimal",
    maxlength: LONGEST_TEXT,
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "done",
    "aria-label": label,
  });
  let isOpen = true;
  const close = (then, ...words) => {
    if (!isOpen) return;
    isOpen = false;
    field.remove();
    then(...words);
  };
  field.value = text;
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (!["Enter", "Tab", "Escape"].includes(event.key)) return;
    if (event.key !== "Tab") event.preventDefault();
    if (event.key === "Escape") close(hands.cancel);
    else close(hands.commit, field.value, event);
  });
  field.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    if (!isBlock(pasted)) return;
    event.preventDefault();
    event.stopPropagation();
    close(hands.paste, pasted);
  });
  field.addEventListener("blur", () => close(hands.commit, field.value, null));
  node.append(field);
  field.focus();
  field.select();
  return field;
}
