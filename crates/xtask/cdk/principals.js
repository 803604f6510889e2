// Creates CDK principals from a config.

'use strict';

/** The classes of principals that are spelt out where they are wanted, by the key that names them. */
const KINDS = {
  account: (iam, p) => new iam.AccountPrincipal(p.account),
  service: (iam, p) => new iam.ServicePrincipal(p.service),
  arn: (iam, p) => new iam.ArnPrincipal(p.arn),
  organization: (iam, p) => new iam.OrganizationPrincipal(p.organization),
  any: (iam) => new iam.AnyPrincipal(),
  star: (iam) => new iam.StarPrincipal(),
  federated: (iam, p) => new iam.FederatedPrincipal(p.federated, {}, p.assumeRoleAction),
  webIdentity: (iam, p) => new iam.WebIdentityPrincipal(p.webIdentity, {}),
  canonicalUser: (iam, p) => new iam.CanonicalUserPrincipal(p.canonicalUser),
};

/** Finds principals by id, in the stack that mentions them or in the one that their first part names. */
class Principals {
  constructor(iam) {
    this.iam = iam;
    this.declared = new Map();
  }

  declare(stackId, id, construct) {
    this.declared.set(`${stackId}/${id}`, construct);
  }

  find(stackId, id) {
    const found = this.declared.get(id) ?? this.declared.get(`${stackId}/${id}`);
    if (found === undefined) throw new Error(`no principal ${id}`);
    return found;
  }

  /** A principal where one is wanted. Each mention is an object of its own, as in a program. */
  resolve(stackId, mention) {
    if (typeof mention === 'string') return this.find(stackId, mention);
    const { conditions } = mention;
    const plain = this.plain(stackId, mention);
    return conditions === undefined ? plain : plain.withConditions(conditions);
  }

  plain(stackId, mention) {
    if (mention.composite) {
      return new this.iam.CompositePrincipal(...mention.composite.map((part) => this.resolve(stackId, part)));
    }
    const kind = Object.keys(KINDS).find((key) => key in mention);
    if (kind === undefined) throw new Error(`no principal in ${JSON.stringify(mention)}`);
    return KINDS[kind](this.iam, mention);
  }
}

module.exports = { Principals };
