// An AWS CDK app, set up as by `cdk init`, with the program that is equivalent to a config: the JSON file that is passed
// as the first argument.

'use strict';

const fs = require('node:fs');

const { buildStacks } = require('./program.js');
const { libraries } = require('./libraries.js');

const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const cdk = libraries('2');
const app = new cdk.App();
buildStacks(cdk, app, config.stacks, true);
app.synth();
