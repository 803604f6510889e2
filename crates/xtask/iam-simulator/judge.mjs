// Answers each line of JSON with a line of JSON, by an independent simulator of IAM:
// {"template": template, "queries": [query, …]} with {"decisions": [decision, …]}. The template is one
// that a config renders to, in the account and Region below.

import { createInterface } from 'node:readline';
import { runSimulation } from '@cloud-copilot/iam-simulate';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const VALUES = { 'AWS::Partition': 'aws', 'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION };

const repositoryArn = (name) => `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${name}`;

/** A value of the template with its references resolved. */
function resolved(value, resources) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((it) => resolved(it, resources));
  const entries = Object.entries(value);
  const [name, of] = entries.length === 1 ? entries[0] : [];
  if (name === 'Fn::Join') return resolved(of[1], resources).join(of[0]);
  if (name === 'Ref') {
    const properties = resources[of]?.Properties;
    return VALUES[of] ?? properties.RoleName ?? properties.UserName ?? properties.RepositoryName;
  }
  if (name === 'Fn::GetAtt') {
    const { Type: type, Properties: properties } = resources[of[0]];
    if (type === 'AWS::IAM::Role') return `arn:aws:iam::${ACCOUNT}:role/${properties.RoleName}`;
    if (type === 'AWS::IAM::User') return `arn:aws:iam::${ACCOUNT}:user/${properties.UserName}`;
    if (type === 'AWS::ECR::Repository') return repositoryArn(properties.RepositoryName);
    throw new Error(`no attribute of ${type} is known`);
  }
  return Object.fromEntries(entries.map(([key, it]) => [key, resolved(it, resources)]));
}

/** The policies of identities by type and name, and of repositories by ARN. */
function policies({ Resources: resources }) {
  const found = { identities: {}, repositories: {}, tags: {} };
  for (const { Type: type, Properties: given } of Object.values(resources)) {
    const properties = resolved(given, resources);
    if (type === 'AWS::IAM::Policy') {
      for (const [holders, kind] of [[properties.Roles, 'role'], [properties.Users, 'user']]) {
        for (const name of holders ?? []) {
          const policy = { name: properties.PolicyName, policy: properties.PolicyDocument };
          (found.identities[`${kind}/${name}`] ??= []).push(policy);
        }
      }
    } else if (type === 'AWS::ECR::Repository') {
      const arn = repositoryArn(properties.RepositoryName);
      found.repositories[arn] = properties.RepositoryPolicyText;
      found.tags[arn] = properties.Tags ?? [];
    }
  }
  return found;
}

/** Who asks: the policies of a principal, and the keys of its requests. */
function caller(arn, { identities }) {
  const parts = arn.match(/^arn:aws:(iam|sts)::(\d+):([a-z-]+)\/(.*)$/);
  if (!parts) return { policies: [], keys: {} };
  const [, , account, type, path] = parts;
  const isUser = type === 'user';
  const name = type === 'assumed-role' ? path.split('/')[0] : path.split('/').pop();
  const kind = isUser ? 'user' : 'role';
  const keys = {
    'aws:PrincipalArn': type === 'assumed-role' ? `arn:aws:iam::${account}:role/${name}` : arn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': isUser ? 'User' : 'AssumedRole',
    ...(isUser && { 'aws:username': name }),
  };
  return { policies: account === ACCOUNT ? (identities[`${kind}/${name}`] ?? []) : [], keys };
}

const EVERYTHING = {
  name: 'everything',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

async function decision(query, found) {
  const { policies: own, keys } = caller(query.principal, found);
  const tags = found.tags[query.repository].flatMap(({ Key: key, Value: value }) => [
    [`aws:ResourceTag/${key}`, value],
    [`ecr:ResourceTag/${key}`, value],
  ]);
  const simulation = {
    request: {
      principal: query.principal,
      action: query.action,
      resource: { resource: query.repository, accountId: ACCOUNT },
      contextVariables: {
        'aws:RequestedRegion': REGION,
        'aws:ResourceAccount': ACCOUNT,
        ...Object.fromEntries(tags),
        ...keys,
        ...query.context,
      },
    },
    identityPolicies: query.identityAllowsAll ? [...own, EVERYTHING] : own,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: found.repositories[query.repository],
  };
  const { overallResult, errors } = await runSimulation(simulation, {});
  if (errors) throw new Error(JSON.stringify(errors));
  return overallResult[0].toLowerCase() + overallResult.slice(1);
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const { template, queries } = JSON.parse(line);
    const found = policies(template);
    const decisions = [];
    for (const query of queries) decisions.push(await decision(query, found));
    console.log(JSON.stringify({ decisions }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack) }));
  }
}
