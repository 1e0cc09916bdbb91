/* Previews for a page that has no other program: the landing page. */

import { preview } from "./preview.js";

globalThis.convvizPreview = preview;
