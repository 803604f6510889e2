// The CDK program that is equivalent to a config: the same constructs and calls, in the order that the config's
// documentation specifies.

'use strict';

const { Principals } = require('./principals.js');

const GRANTS = { read: 'grantRead', pull: 'grantPull', push: 'grantPush', pullPush: 'grantPullPush' };
const EVENTS = {
  imageScanCompleted: 'onImageScanCompleted',
  cloudTrailImagePushed: 'onCloudTrailImagePushed',
  cloudTrailEvent: 'onCloudTrailEvent',
  event: 'onEvent',
};

/** The fields by which events that need no CloudTrail are told apart, and where they name repository and tags. */
const imageAction = (type, fields, tag) => ({
  source: 'aws.ecr',
  detailType: `ECR ${type} Action`,
  detail: fields,
  about: 'name',
  tag,
});
const RESTORED = { 'action-type': 'UPDATE_STORAGE_CLASS', 'target-storage-class': 'STANDARD', result: 'SUCCESS' };
const SERVICE_EVENTS = {
  imagePushed: imageAction('Image', { 'action-type': 'PUSH', result: 'SUCCESS' }, 'image-tag'),
  imageDeleted: imageAction('Image', { 'action-type': 'DELETE', result: 'SUCCESS' }, 'image-tag'),
  imageArchived: imageAction('Image', { ...RESTORED, 'target-storage-class': 'ARCHIVE' }),
  imageRestored: imageAction('Image', RESTORED),
  referrerPushed: imageAction('Referrer', { 'action-type': 'PUSH', result: 'SUCCESS' }, 'image-tag'),
  referrerRestored: imageAction('Referrer', RESTORED),
  replicationCompleted: imageAction('Replication', { 'action-type': 'REPLICATE', result: 'SUCCESS' }, 'image-tag'),
  replicationFailed: imageAction('Replication', { 'action-type': 'REPLICATE', result: 'FAILED' }, 'image-tag'),
  cacheImported: imageAction('Pull Through Cache', { 'sync-status': 'SUCCESS' }, 'image-tag'),
  imageScanCompleted: {
    source: 'aws.ecr', detailType: 'ECR Image Scan', detail: { 'scan-status': 'COMPLETE' }, about: 'name', tag: 'image-tags',
  },
  scanCompletedEnhanced: {
    source: 'aws.inspector2',
    detailType: 'Inspector2 Scan',
    detail: { 'scan-status': 'INITIAL_SCAN_COMPLETE' },
    about: 'arn',
    tag: 'image-tags',
  },
  inspectorFinding: { source: 'aws.inspector2', detailType: 'Inspector2 Finding', about: 'finding' },
  scanFrequencyChanged: {
    source: 'aws.ecr',
    detailType: 'ECR Scan Resource Change',
    detail: { 'action-type': 'SCAN_FREQUENCY_CHANGE' },
    about: 'repositories',
  },
};

/** The event pattern of a kind of event, about a repository or about all. */
function eventPattern(on, { imageTag, imageTags }, repository) {
  if (on === 'event') return { source: ['aws.ecr'] };
  if (on.startsWith('cloudTrail')) {
    const detail = on === 'cloudTrailImagePushed'
      ? { eventName: ['PutImage'], ...(imageTag && { requestParameters: { imageTag: [imageTag] } }) }
      : undefined;
    return given({ source: ['aws.ecr'], detailType: ['AWS API Call via CloudTrail'], detail });
  }
  const { source, detailType, detail: fields = {}, about, tag } = SERVICE_EVENTS[on];
  const detail = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, [value]]));
  if (tag && imageTags) detail[tag] = imageTags;
  const name = repository && [repository.repositoryName];
  if (about === 'name' && name) detail['repository-name'] = name;
  if (about === 'repositories' && name) detail.repositories = { 'repository-name': name };
  if (about === 'finding') {
    const image = given({ imageTags, repositoryName: name });
    const details = Object.keys(image).length > 0 ? { awsEcrContainerImage: image } : undefined;
    detail.resources = given({ type: ['AWS_ECR_CONTAINER_IMAGE'], details });
  }
  const resources = about === 'arn' && repository ? [repository.repositoryArn] : undefined;
  return given({ source: [source], detailType: [detailType], resources, detail });
}

/** A policy as a document: its statements, and the version if it has one. */
const policy = (config) => (Array.isArray(config) ? { statements: config } : { statements: [], ...config });

const entries = (map) => Object.entries(map ?? {});

/** `30d`, `4w`, `P30D` or `P4W` in days. */
function days(text) {
  const [, number, unit] = /^P?(\d+)([dw])$/i.exec(text);
  return Number(number) * (unit.toLowerCase() === 'w' ? 7 : 1);
}

/** An object without the keys that are not given. */
function given(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** Tags as L1 properties have them. */
const cfnTags = (tags) => tags && Object.entries(tags).map(([key, value]) => ({ key, value }));

/** One stack of a config, and what its program makes. */
class StackProgram {
  /** `principals` and `keys` are those of all stacks. */
  constructor(cdk, stack, id, config, principals, keys) {
    Object.assign(this, { cdk, stack, id, config, principals, keys });
    this.repositories = new Map();
  }

  /** The scope and the id of a construct: each part of a path but the last is a plain scope. */
  place(path) {
    const parts = path.split('/');
    const id = parts.pop();
    let scope = this.stack;
    for (const part of parts) {
      scope = this.cdk.child(scope, part) ?? new this.cdk.Construct(scope, part);
    }
    return [scope, id];
  }

  removalPolicy(name) {
    return name && { retain: this.cdk.RemovalPolicy.RETAIN, destroy: this.cdk.RemovalPolicy.DESTROY }[name];
  }

  principal(mention) {
    return this.principals.resolve(this.id, mention);
  }

  statement({ sid, effect, principals, actions, resources, conditions }) {
    return new this.cdk.iam.PolicyStatement(given({
      sid,
      effect,
      principals: principals?.map((mention) => this.principal(mention)),
      actions,
      resources,
      conditions,
    }));
  }

  makeKeys() {
    const { kms } = this.cdk;
    for (const [path, { resourcePolicy, ...key }] of entries(this.config.keys)) {
      const [scope, id] = this.place(path);
      this.keys.set(`${this.id}/${path}`, key.keyArn
        ? kms.Key.fromKeyArn(scope, id, key.keyArn)
        : new kms.Key(scope, id, given({ ...key, removalPolicy: this.removalPolicy(key.removalPolicy) })));
    }
  }

  makeKeyPolicies() {
    for (const [path, { resourcePolicy = [] }] of entries(this.config.keys)) {
      for (const statement of resourcePolicy) {
        this.key(path).addToResourcePolicy(this.statement({ ...statement, resources: ['*'] }));
      }
    }
  }

  makePrincipals() {
    for (const [path, principal] of entries(this.config.principals)) {
      this.principals.declare(this.id, path, this.makePrincipal(path, principal));
    }
  }

  makePrincipal(path, principal) {
    const { iam } = this.cdk;
    const [scope, id] = this.place(path);
    if (principal.roleArn) return iam.Role.fromRoleArn(scope, id, principal.roleArn);
    if (principal.userArn) return iam.User.fromUserArn(scope, id, principal.userArn);
    if (principal.groupArn) return iam.Group.fromGroupArn(scope, id, principal.groupArn);
    if (principal.user) return new iam.User(scope, id, this.identity(principal.user));
    if (principal.group) return new iam.Group(scope, id, this.identity(principal.group));
    const { assumedBy, maxSessionDuration, ...role } = principal.role;
    return new iam.Role(scope, id, given({
      ...this.identity(role),
      assumedBy: this.principal(assumedBy),
      maxSessionDuration: maxSessionDuration && this.cdk.Duration.seconds(maxSessionDuration),
    }));
  }

  /** The properties that roles, users and groups have in common. */
  identity({ managedPolicies, permissionsBoundary, ...rest }) {
    return given({
      ...rest,
      managedPolicies: managedPolicies?.map((name) => this.managedPolicy(name)),
      permissionsBoundary: permissionsBoundary && this.managedPolicy(permissionsBoundary),
    });
  }

  /** An imported policy is no resource, so nothing of its place shows in a template. */
  managedPolicy(name) {
    const { iam } = this.cdk;
    return name.startsWith('arn:') ? { managedPolicyArn: name } : iam.ManagedPolicy.fromAwsManagedPolicyName(name);
  }

  makeRepositories() {
    for (const [path, repository] of entries(this.config.repositories)) {
      this.repositories.set(path, repository.import
        ? this.importRepository(path, repository.import)
        : this.makeRepository(path, repository));
    }
  }

  importRepository(path, { repositoryName, repositoryArn }) {
    const { Repository } = this.cdk.ecr;
    const [scope, id] = this.place(path);
    if (repositoryName && repositoryArn) {
      return Repository.fromRepositoryAttributes(scope, id, { repositoryName, repositoryArn });
    }
    return repositoryArn
      ? Repository.fromRepositoryArn(scope, id, repositoryArn)
      : Repository.fromRepositoryName(scope, id, repositoryName);
  }

  key(mention) {
    if (mention === undefined) return undefined;
    const key = this.keys.get(`${this.id}/${mention}`) ?? this.keys.get(mention);
    if (key === undefined) throw new Error(`no key ${mention}`);
    return key;
  }

  encryption(name) {
    const { RepositoryEncryption } = this.cdk.ecr;
    return name && { AES256: RepositoryEncryption.AES_256, KMS: RepositoryEncryption.KMS, KMS_DSSE: RepositoryEncryption.KMS_DSSE }[name];
  }

  repositoryProperties(path, repository) {
    const { ecr } = this.cdk;
    const { encryptionKey } = repository;
    const [scope, id] = this.place(path);
    return given({
      repositoryName: repository.repositoryName,
      imageScanOnPush: repository.imageScanOnPush,
      imageTagMutability: repository.imageTagMutability,
      imageTagMutabilityExclusionFilters: repository.imageTagMutabilityExclusionFilters?.map(
        (pattern) => ecr.ImageTagMutabilityExclusionFilter.wildcard(pattern),
      ),
      encryption: this.encryption(repository.encryption),
      encryptionKey: encryptionKey?.keyArn
        ? this.cdk.kms.Key.fromKeyArn(scope, `${id}Key`, encryptionKey.keyArn)
        : this.key(encryptionKey),
      removalPolicy: this.removalPolicy(repository.removalPolicy),
      emptyOnDelete: repository.emptyOnDelete,
      lifecycleRegistryId: repository.lifecycleRegistryId,
    });
  }

  lifecycleRule({ maxImageAge, ...rule }) {
    return given({ ...rule, maxImageAge: maxImageAge && this.cdk.Duration.days(days(maxImageAge)) });
  }

  makeRepository(path, config) {
    const properties = this.repositoryProperties(path, config);
    const repository = new this.cdk.ecr.Repository(...this.place(path), properties);
    for (const rule of config.lifecycleRules ?? []) repository.addLifecycleRule(this.lifecycleRule(rule));
    for (const [key, value] of entries(config.tags)) this.cdk.Tags.of(repository).add(key, value);
    const { version, statements } = policy(config.resourcePolicy ?? []);
    for (const statement of statements) repository.addToResourcePolicy(this.statement(statement));
    if (version) repository.node.defaultChild.addPropertyOverride('RepositoryPolicyText.Version', version);
    this.pin(repository.node.defaultChild, config);
    return repository;
  }

  makeGrants() {
    for (const [path, { grants }] of entries(this.config.repositories)) {
      const repository = this.repositories.get(path);
      for (const { to, allow, actions } of grants ?? []) {
        for (const mention of Array.isArray(to) ? to : [to]) {
          const grantee = this.principal(mention);
          if (allow) repository[GRANTS[allow]](grantee);
          else repository.grant(grantee, ...actions);
        }
      }
    }
  }

  makeEvents() {
    for (const [path, { events }] of entries(this.config.repositories)) {
      const repository = this.repositories.get(path);
      for (const [id, event] of entries(events)) this.fillRule(this.repositoryRule(repository, id, event), event);
    }
  }

  /** A rule by the repository's own method where it has one. */
  repositoryRule(repository, id, { on, ruleName, description, enabled, imageTag, imageTags }) {
    const options = given({ ruleName, description, enabled });
    if (EVENTS[on]) return repository[EVENTS[on]](id, given({ ...options, imageTag, imageTags }));
    const pattern = eventPattern(on, { imageTags }, repository);
    return new this.cdk.events.Rule(repository, id, { ...options, eventPattern: pattern });
  }

  /** A rule about all repositories. */
  registryRule(path, { on, ruleName, description, enabled, imageTag, imageTags }) {
    const options = given({ ruleName, description, enabled });
    const pattern = eventPattern(on, { imageTag, imageTags });
    return new this.cdk.events.Rule(...this.place(path), { ...options, eventPattern: pattern });
  }

  /** What a rule has beside its kind. */
  fillRule(rule, event) {
    if (event.eventPattern) rule.addEventPattern(event.eventPattern);
    (event.targets ?? []).forEach((target, index) => {
      rule.addTarget({ bind: () => this.target(rule, target, index) });
    });
  }

  target(rule, target, index) {
    const { iam } = this.cdk;
    return given({
      arn: target.arn,
      role: target.roleArn && iam.Role.fromRoleArn(rule, `Role${index}`, target.roleArn),
      input: this.input(target),
      deadLetterConfig: target.deadLetterQueueArn && { arn: target.deadLetterQueueArn },
      retryPolicy: target.retryPolicy,
    });
  }

  input({ input, inputPath, inputTransformer }) {
    const { RuleTargetInput } = this.cdk.events;
    if (inputTransformer) return { bind: () => inputTransformer };
    if (inputPath !== undefined) return RuleTargetInput.fromEventPath(inputPath);
    return input === undefined ? undefined : RuleTargetInput.fromObject(input);
  }

  makeAuthorizationTokens() {
    const { ecr } = this.cdk;
    const { private: ours, publicGallery } = this.config.authorizationTokens ?? {};
    for (const mention of ours ?? []) ecr.AuthorizationToken.grantRead(this.principal(mention));
    for (const mention of publicGallery ?? []) ecr.PublicGalleryAuthorizationToken.grantRead(this.principal(mention));
  }

  policyDocument(config) {
    if (!config) return undefined;
    const { version, statements } = policy(config);
    if (statements.length === 0) return undefined;
    const document = new this.cdk.iam.PolicyDocument({ statements: statements.map((each) => this.statement(each)) });
    return version ? { resolve: (context) => ({ ...document.resolve(context), Version: version }), creationStack: [] } : document;
  }

  /** A lifecycle policy as text, as a repository with these rules has it. */
  lifecyclePolicyText(rules) {
    const { App, Stack, ecr } = this.cdk;
    const stack = new Stack(new App(), 'Scratch');
    const repository = new ecr.Repository(stack, 'Scratch');
    for (const rule of rules) repository.addLifecycleRule(this.lifecycleRule(rule));
    return stack.resolve(repository.node.defaultChild.lifecyclePolicy).lifecyclePolicyText;
  }

  makeRegistry() {
    const { ecr } = this.cdk;
    const { policy: registryPolicy, replication, scanning, signing, ...named } = this.config.registry ?? {};
    const { stack } = this;
    const policyText = this.policyDocument(registryPolicy);
    if (policyText) this.pin(new ecr.CfnRegistryPolicy(stack, 'RegistryPolicy', { policyText }), registryPolicy);
    if (replication) {
      new ecr.CfnReplicationConfiguration(stack, 'ReplicationConfiguration', { replicationConfiguration: replication });
    }
    if (scanning) new ecr.CfnRegistryScanningConfiguration(stack, 'RegistryScanningConfiguration', scanning);
    if (signing) new ecr.CfnSigningConfiguration(stack, 'SigningConfiguration', signing);
    for (const [path, rule] of entries(named.pullThroughCacheRules)) {
      new ecr.CfnPullThroughCacheRule(...this.place(path), rule);
    }
    for (const [path, template] of entries(named.creationTemplates)) this.makeCreationTemplate(path, template);
    for (const [path, exclusion] of entries(named.pullTimeUpdateExclusions)) {
      new ecr.CfnPullTimeUpdateExclusion(...this.place(path), exclusion);
    }
    for (const [path, event] of entries(named.events)) this.fillRule(this.registryRule(path, event), event);
  }

  makeCreationTemplate(path, template) {
    const { encryption, encryptionKey, lifecycleRules, resourcePolicy, resourceTags, ...rest } = template;
    const policy = this.policyDocument(resourcePolicy);
    new this.cdk.ecr.CfnRepositoryCreationTemplate(...this.place(path), given({
      ...rest,
      imageTagMutabilityExclusionFilters: rest.imageTagMutabilityExclusionFilters?.map((filter) => ({
        imageTagMutabilityExclusionFilterType: 'WILDCARD',
        imageTagMutabilityExclusionFilterValue: filter,
      })),
      encryptionConfiguration: encryption && given({
        encryptionType: encryption,
        kmsKey: encryptionKey?.keyArn ?? this.key(encryptionKey)?.keyArn,
      }),
      lifecyclePolicy: lifecycleRules && this.lifecyclePolicyText(lifecycleRules),
      repositoryPolicy: policy && this.stack.toJsonString(policy),
      resourceTags: cfnTags(resourceTags),
    }));
  }

  makePublicRepositories() {
    for (const [path, repository] of entries(this.config.publicRepositories)) {
      const { catalogData, resourcePolicy } = repository;
      new this.cdk.ecr.CfnPublicRepository(...this.place(path), given({
        repositoryName: repository.repositoryName,
        repositoryCatalogData: catalogData && given({
          AboutText: catalogData.aboutText,
          Architectures: catalogData.architectures,
          OperatingSystems: catalogData.operatingSystems,
          RepositoryDescription: catalogData.description,
          UsageText: catalogData.usageText,
        }),
        repositoryPolicyText: this.policyDocument(resourcePolicy),
        tags: cfnTags(repository.tags),
      }));
    }
  }

  makeOutputs() {
    for (const [path, output] of entries(this.config.outputs)) {
      const { description, exportName } = output;
      const value = this.outputValue(output);
      const [scope, id] = this.place(path);
      const made = this.cdk.child(scope, id) === undefined
        ? new this.cdk.CfnOutput(scope, id, given({ value, description, exportName }))
        : this.outputOfTakenId(path, given({ value, description, exportName }));
      this.pin(made, output);
    }
  }

  /** An output with the id of another construct: it stands elsewhere, with the logical id of this place. */
  outputOfTakenId(path, properties) {
    const { App, CfnOutput, Construct, Stack } = this.cdk;
    const output = new CfnOutput(new Construct(this.stack, `Outputs ${path.replaceAll('/', ' ')}`), 'Output', properties);
    const elsewhere = new StackProgram(this.cdk, new Stack(new App(), 'Scratch'));
    const twin = new CfnOutput(...elsewhere.place(path), { value: 'x' });
    output.overrideLogicalId(elsewhere.stack.resolve(twin.logicalId));
    return output;
  }

  /** Pins the logical id of an L1 construct, and overrides its properties. */
  pin(construct, { logicalId, cloudformation }) {
    if (logicalId) construct.overrideLogicalId(logicalId);
    for (const [name, value] of entries(cloudformation?.properties)) construct.addPropertyOverride(name, value);
  }

  outputValue({ principal, key, repository: path, attribute, tag, digest }) {
    if (principal) return this.principals.resolve(this.id, principal)[attribute];
    if (key) return this.key(key)[attribute];
    const repository = this.repositories.get(path);
    if (repository === undefined) throw new Error(`no repository ${path}`);
    if (attribute !== 'repositoryUri') return repository[attribute];
    if (digest) return repository.repositoryUriForDigest(digest);
    return tag ? repository.repositoryUriForTag(tag) : repository.repositoryUri;
  }
}

/** The steps of a program. Each is taken in every stack before the next, so that stacks may mention one another. */
const STEPS = [
  'makeKeys',
  'makePrincipals',
  'makeKeyPolicies',
  'makeRepositories',
  'makeGrants',
  'makeEvents',
  'makeAuthorizationTokens',
  'makeRegistry',
  'makePublicRepositories',
  'makeOutputs',
];

/** Where a stack is deployed: `cli` stands for what the CLI says, which nothing does here. */
function environment({ account, region }) {
  const given = (value, variable) => (value === 'cli' ? process.env[variable] : value);
  return { account: given(account, 'CDK_DEFAULT_ACCOUNT'), region: given(region, 'CDK_DEFAULT_REGION') };
}

/** Runs the programs of all stacks in `app`. */
function buildStacks(cdk, app, stacks, generateBootstrapVersionRule) {
  const principals = new Principals(cdk.iam);
  const keys = new Map();
  const programs = Object.entries(stacks).map(([id, config]) => {
    const { stackName, description, tags, terminationProtection } = config;
    const env = config.env && environment(config.env);
    const synthesizer = cdk.newSynthesizer(generateBootstrapVersionRule);
    const stack = new cdk.Stack(app, id, given({ stackName, description, env, tags, terminationProtection, synthesizer }));
    return new StackProgram(cdk, stack, id, config, principals, keys);
  });
  for (const step of STEPS) {
    for (const program of programs) program[step]();
  }
}

module.exports = { buildStacks };
