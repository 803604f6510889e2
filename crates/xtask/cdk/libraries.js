// A common interface to both major versions of the AWS CDK.

'use strict';

const path = require('node:path');

/** CDK 2: one package. */
function version2() {
  const core = require('aws-cdk-lib');
  return {
    major: 2,
    App: core.App,
    CfnOutput: core.CfnOutput,
    Duration: core.Duration,
    RemovalPolicy: core.RemovalPolicy,
    Stack: core.Stack,
    Tags: core.Tags,
    Construct: require('constructs').Construct,
    newSynthesizer: (generateBootstrapVersionRule) => new core.DefaultStackSynthesizer({ generateBootstrapVersionRule }),
    child: (scope, id) => scope.node.tryFindChild(id),
    ecr: require('aws-cdk-lib/aws-ecr'),
    events: require('aws-cdk-lib/aws-events'),
    iam: require('aws-cdk-lib/aws-iam'),
    kms: require('aws-cdk-lib/aws-kms'),
    recommendedFlags: require('aws-cdk-lib/recommended-feature-flags.json'),
  };
}

/** CDK 1.130.0: a package a service, in the folder `v1`. */
function version1() {
  const load = (name) => require(path.join(__dirname, 'v1', 'node_modules', '@aws-cdk', name));
  const core = load('core');
  return {
    major: 1,
    App: core.App,
    CfnOutput: core.CfnOutput,
    Duration: core.Duration,
    RemovalPolicy: core.RemovalPolicy,
    Stack: core.Stack,
    Tags: core.Tags,
    Construct: core.Construct,
    newSynthesizer: () => undefined,
    child: (scope, id) => scope.node.tryFindChild(id),
    ecr: load('aws-ecr'),
    events: load('aws-events'),
    iam: load('aws-iam'),
    kms: load('aws-kms'),
    recommendedFlags: {},
  };
}

const loaded = new Map();

/** The CDK of a config's `compatibility.awsCdk`. */
function libraries(awsCdk) {
  const versions = { 1: version1, 2: version2 };
  if (!(awsCdk in versions)) throw new Error(`compatibility.awsCdk is "${awsCdk}"`);
  if (!loaded.has(awsCdk)) loaded.set(awsCdk, versions[awsCdk]());
  return loaded.get(awsCdk);
}

module.exports = { libraries };
