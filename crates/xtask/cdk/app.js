// An app of the AWS CDK with the program that a config means, as `cdk init` would set it up: the config is the JSON file
// that the first argument names.

'use strict';

const fs = require('node:fs');

const { buildStacks } = require('./program.js');
const { libraries } = require('./libraries.js');

const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const cdk = libraries('2');
const app = new cdk.App();
buildStacks(cdk, app, config.stacks, true);
app.synth();
