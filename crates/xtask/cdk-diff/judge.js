// Answers each line of JSON with a line of JSON, by the differ of the AWS CDK's CLI:
// {"before": template, "after": template} with the changes by logical id, and {"types": [name, …]}
// with what a change of each property does.

const { fullDiff } = require('@aws-cdk/cloudformation-diff');
const { loadAwsServiceSpecSync } = require('@aws-cdk/aws-service-spec');

const IMPACTS = {
  WILL_CREATE: 'add',
  WILL_UPDATE: 'update',
  WILL_REPLACE: 'replace',
  MAY_REPLACE: 'mayReplace',
  WILL_DESTROY: 'remove',
  WILL_ORPHAN: 'orphan',
};

function changes({ before, after }) {
  const found = {};
  fullDiff(before, after).resources.forEachDifference((id, change) => {
    const impact = IMPACTS[change.changeImpact];
    if (!impact) return;
    const whole = change.isAddition || change.isRemoval || change.resourceTypeChanged;
    const properties = whole ? [] : Object.keys(change.propertyUpdates).sort();
    found[id] = { change: impact, properties };
  });
  return found;
}

function types(names) {
  const db = loadAwsServiceSpecSync();
  const found = {};
  for (const name of names) {
    const [resource] = db.lookup('resource', 'cloudFormationType', 'equals', name);
    const row = { replace: [], may_replace: [], update: [] };
    for (const [property, { causesReplacement }] of Object.entries(resource?.properties ?? {})) {
      const key = { yes: 'replace', maybe: 'may_replace' }[causesReplacement] ?? 'update';
      row[key].push(property);
    }
    found[name] = row;
  }
  return found;
}

const lines = require('readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const question = JSON.parse(line);
  try {
    console.log(JSON.stringify(question.types ? types(question.types) : changes(question)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack) }));
  }
});
