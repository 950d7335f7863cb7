// Makes the compressed schema files from the npm package @shopify/dev-mcp: see README.md beside this file.
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { buildClientSchema, printSchema } from "graphql";

const [folder, ...versions] = process.argv.slice(2);

/** Descriptions are four fifths of the text, and nothing here reads them. */
function withoutDescriptions(_key, value) {
  return _key === "description" ? null : value;
}

for (const version of versions) {
  const packed = readFileSync(`${folder}/admin_${version}.json.gz`);
  const { data } = JSON.parse(gunzipSync(packed).toString(), withoutDescriptions);
  // The print uses @oneOf but leaves its definition out.
  const text = `directive @oneOf on INPUT_OBJECT\n\n${printSchema(buildClientSchema(data))}\n`;
  writeFileSync(new URL(`admin_${version}.graphql.gz`, import.meta.url), gzipSync(text, { level: 9 }));
  console.log(version, text.length, "characters");
}
