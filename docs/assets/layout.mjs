// Lay out graphs with Graphviz: one JSON description a line in, one JSON layout a line out.
import { createInterface } from "node:readline";
import { instance } from "@viz-js/viz";

const graphviz = await instance();
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(graphviz.renderJSON(JSON.parse(line))));
}
