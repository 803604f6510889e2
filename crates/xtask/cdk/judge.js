// Runs the AWS CDK program that is equivalent to a config.
//
// Reads one config (JSON, in the config file format) per line from stdin and writes one line for each:
// `{"templates": {"stack name": template}, "paths": {"stack name": {"logical id": path}}}`, or
// `{"error": "message"}`.
// The templates contain no analytics metadata and no path metadata, which `paths` contains instead. They contain
// the bootstrap version parameter and rule only if the config enables them.

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

/** Takes the path metadata out of a template: the paths by logical id. */
function takePaths(template) {
  const paths = {};
  for (const [logicalId, resource] of Object.entries(template.Resources ?? {})) {
    paths[logicalId] = resource.Metadata['aws:cdk:path'];
    delete resource.Metadata['aws:cdk:path'];
    if (Object.keys(resource.Metadata).length === 0) delete resource.Metadata;
  }
  return paths;
}

/** Synthesizes one config: its templates and paths by stack name, or what the CDK threw. */
function judge(config) {
  const { awsCdk = '2', featureFlags, generateBootstrapVersionRule = false } = config.compatibility ?? {};
  const cdk = libraries(awsCdk);
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'ecrane-judge-'));
  try {
    const app = new cdk.App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      context: { ...context(cdk, featureFlags), 'aws:cdk:enable-path-metadata': true },
    });
    buildStacks(cdk, app, config.stacks ?? {}, generateBootstrapVersionRule);
    const templates = {};
    const paths = {};
    for (const { id, stackName, template } of app.synth().stacks) {
      // Another stack in another region can have the stack name.
      const name = stackName in templates ? id : stackName;
      paths[name] = takePaths(template);
      templates[name] = template;
    }
    return { templates, paths };
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
