// Tests what an editor shows for a config that refers to ecrane's schema in its first line.
//
// The environment variable ECRANE_SCHEMA contains the path of the schema.

'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { pathToFileURL } = require('node:url');
const { after, before, test } = require('node:test');

const { Editor } = require('./client.js');

const schema = process.env.ECRANE_SCHEMA;
const MODELINE = `# yaml-language-server: $schema=${pathToFileURL(schema)}\n`;

/** A config with `lines` in its one repository. */
const repository = (lines) => `${MODELINE}stacks:\n  Registry:\n    repositories:\n      App:\n        ${lines}\n`;

let editor;
before(async () => {
  editor = await Editor.start();
});
after(() => editor.stop());

test('a sound config has no diagnostics', async () => {
  const opened = await editor.open('sound', repository('imageScanOnPush: true'));
  assert.deepEqual(opened.diagnostics, []);
});

test('a misspelt key is flagged where it stands', async () => {
  const opened = await editor.open('misspelt', repository('imageScanOnPsh: true'));
  assert.equal(opened.diagnostics.length, 1);
  const [{ message, range }] = opened.diagnostics;
  assert.match(message, /imageScanOnPsh/);
  assert.deepEqual(range, { start: { line: 5, character: 8 }, end: { line: 5, character: 22 } });
});

test('a value of the wrong type is flagged', async () => {
  const opened = await editor.open('mistyped', repository('imageScanOnPush: often'));
  assert.equal(opened.diagnostics.length, 1);
});

test('keys are offered at a repository', async () => {
  const opened = await editor.open('keys', repository('repositoryName: shop/app\n        |'));
  const offered = await editor.completions(opened);
  for (const key of ['imageScanOnPush', 'imageTagMutability', 'lifecycleRules', 'grants']) {
    assert.ok(offered.includes(key), `${key} is not among ${offered}`);
  }
});

test('the values of an enumeration are offered', async () => {
  const opened = await editor.open('values', repository('imageTagMutability: |'));
  const offered = await editor.completions(opened);
  for (const value of ['MUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION']) {
    assert.ok(offered.includes(value), `${value} is not among ${offered}`);
  }
});

test('a key shows its description', async () => {
  const opened = await editor.open('hover', repository('image|ScanOnPush: true'));
  const descriptions = [];
  JSON.stringify(JSON.parse(fs.readFileSync(schema, 'utf8')), (key, value) => {
    if (value?.imageScanOnPush?.description) descriptions.push(value.imageScanOnPush.description);
    return value;
  });
  assert.ok(descriptions.length > 0, 'the schema describes imageScanOnPush');
  const shown = await editor.hover(opened);
  const plain = (text) => text.replace(/[\s\\`]+/g, ' ').trim();
  assert.ok(descriptions.some((description) => plain(shown).includes(plain(description))), `it shows: ${shown}`);
});
