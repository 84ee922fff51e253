// Prints what AsyncAPI's own parser has to say about each document named on the command line:
// errors, warnings and advice alike, as JSON by file.
const { Parser, fromFile } = require("@asyncapi/parser");

const parser = new Parser();

async function diagnose(file) {
  const { document, diagnostics } = await fromFile(parser, file).parse();
  const said = diagnostics.map((each) => `${each.path.join(".")}: ${each.message}`);
  return [file, document || said.length ? said : ["it is no document"]];
}

Promise.all(process.argv.slice(2).map(diagnose)).then((all) =>
  process.stdout.write(JSON.stringify(Object.fromEntries(all)))
);
