// A CDKTF app with the resources of a benchmark's config: the JSON file that is passed as the first argument.

'use strict';

const fs = require('node:fs');

const { App, TerraformStack } = require('cdktf');
const { EcrLifecyclePolicy } = require('@cdktf/provider-aws/lib/ecr-lifecycle-policy');
const { EcrRepository } = require('@cdktf/provider-aws/lib/ecr-repository');
const { EcrRepositoryPolicy } = require('@cdktf/provider-aws/lib/ecr-repository-policy');
const { IamRole } = require('@cdktf/provider-aws/lib/iam-role');
const { IamRolePolicy } = require('@cdktf/provider-aws/lib/iam-role-policy');
const { AwsProvider } = require('@cdktf/provider-aws/lib/provider');

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
const PUSH = [
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

const document = (statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

function rule(of, index) {
  const selection = of.maxImageCount
    ? { countType: 'imageCountMoreThan', countNumber: of.maxImageCount }
    : { countType: 'sinceImagePushed', countNumber: parseInt(of.maxImageAge, 10), countUnit: 'days' };
  const tags = of.tagPrefixList
    ? { tagStatus: 'tagged', tagPrefixList: of.tagPrefixList }
    : { tagStatus: of.tagStatus ?? 'any' };
  return {
    rulePriority: of.rulePriority ?? index + 1,
    description: of.description,
    selection: { ...tags, ...selection },
    action: { type: 'expire' },
  };
}

function principal(to) {
  if (to.account) return { Principal: { AWS: `arn:aws:iam::${to.account}:root` } };
  if (to.service) return { Principal: { Service: to.service } };
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': to.organization } };
  return { Principal: { AWS: '*' }, Condition };
}

function repository(stack, id, config, role) {
  const made = new EcrRepository(stack, id, {
    name: config.repositoryName,
    imageScanningConfiguration: { scanOnPush: config.imageScanOnPush },
    imageTagMutability: config.imageTagMutability,
    tags: config.tags,
    lifecycle: config.removalPolicy === 'retain' ? { preventDestroy: true } : undefined,
  });
  new EcrLifecyclePolicy(stack, `${id}LifecyclePolicy`, {
    repository: made.name,
    policy: JSON.stringify({ rules: config.lifecycleRules.map(rule) }),
  });
  const others = config.grants
    .flatMap((grant) => [grant.to].flat())
    .filter((to) => typeof to === 'object');
  new EcrRepositoryPolicy(stack, `${id}RepositoryPolicy`, {
    repository: made.name,
    policy: document(others.map((to) => ({ Effect: 'Allow', Action: PULL, ...principal(to) }))),
  });
  new IamRolePolicy(stack, `${id}RolePolicy`, {
    role: role.name,
    policy: document([
      { Effect: 'Allow', Action: [...PULL, ...PUSH], Resource: made.arn },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    ]),
  });
}

const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const app = new App({ outdir: process.argv[3] });
for (const [id, stack] of Object.entries(config.stacks)) {
  const made = new TerraformStack(app, id);
  new AwsProvider(made, 'aws', { region: stack.env.region, allowedAccountIds: [stack.env.account] });
  const { role } = stack.principals.CiRole;
  const ci = new IamRole(made, 'CiRole', {
    name: role.roleName,
    assumeRolePolicy: document([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: role.assumedBy.service } },
    ]),
  });
  for (const [name, repo] of Object.entries(stack.repositories)) repository(made, name, repo, ci);
}
app.synth();
