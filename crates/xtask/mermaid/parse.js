// Parses Mermaid flowcharts with Mermaid itself.
//
// usage: node parse.js FILE…

import { readFile } from "node:fs/promises";
import { JSDOM } from "jsdom";

// Mermaid expects a browser.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

for (const path of process.argv.slice(2)) {
  try {
    const { diagramType } = await mermaid.parse(await readFile(path, "utf8"));
    if (!diagramType.startsWith("flowchart")) throw new Error(`it is a ${diagramType}`);
  } catch (error) {
    console.error(`${path}: ${error.message}`);
    process.exitCode = 1;
  }
}
