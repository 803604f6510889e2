// Runs the AWS CDK program that a config means, on CDK itself.
//
// Reads one config (JSON, the same shape as a config file) a line on stdin and writes one line for each:
// `{"templates": {"stack name": template}}`, or `{"error": "what CDK threw"}`.
// The templates carry no analytics metadata, path metadata, bootstrap version parameter or rule.

'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const { buildStacks } = require('./program.js');
const { libraries } = require('./libraries.js');

/** The context of an app, as `cdk.json` would hold it. */
function context(cdk, flags) {
  if (flags === undefined) return {};
  if (flags === 'recommended') return cdk.recommendedFlags;
  return flags;
}

/** An error's text, the same in each run: without the numbers of tokens, and with what a report says in its place. */
function errorText(error, outdir) {
  const report = path.join(outdir, 'validation-report.json');
  if (!fs.existsSync(report)) return error.message.replace(/\$\{Token\[(.*?)(\.?\d+)?\]\}/g, '${Token[$1]}');
  const violations = JSON.parse(fs.readFileSync(report, 'utf8')).pluginReports.flatMap((plugin) => plugin.violations);
  const texts = violations.map(({ ruleName, severity, description }) => `${ruleName} ${severity}: ${description}`);
  return ['Validation failed', ...new Set(texts)].join('\n');
}

/** Synthesizes one config: its templates by stack name, or what the CDK threw. */
function judge(config) {
  const { awsCdk = '2', featureFlags } = config.compatibility ?? {};
  const cdk = libraries(awsCdk);
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'ecrane-judge-'));
  try {
    const app = new cdk.App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      context: { ...context(cdk, featureFlags), 'aws:cdk:enable-path-metadata': false },
    });
    buildStacks(cdk, app, config.stacks ?? {});
    const templates = {};
    for (const stack of app.synth().stacks) templates[stack.stackName] = stack.template;
    return { templates };
  } catch (error) {
    return { error: errorText(error, outdir) };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line.trim() === '') return;
  process.stdout.write(`${JSON.stringify(judge(JSON.parse(line)))}\n`);
});
