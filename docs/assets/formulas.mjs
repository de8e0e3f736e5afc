// Write formulas with KaTeX: one JSON description a line in, one JSON answer a line out.
import { createInterface } from "node:readline";
import katex from "katex";

const refuse = ({ command }) => {
  throw new katex.ParseError(`${command} is not allowed`);
};

function written({ tex, display }) {
  const options = { displayMode: display, strict: "error", trust: refuse };
  try {
    return { html: katex.renderToString(tex, options), error: "" };
  } catch (error) {
    return { html: "", error: error.rawMessage };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(written(JSON.parse(line))));
}
