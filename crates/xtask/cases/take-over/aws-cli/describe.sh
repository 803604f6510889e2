# What the AWS CLI says about it, as the guide "Adopt an account" asks for it. For a repository without a
# policy, the command fails and prints nothing.
aws ecr describe-repositories > repositories.json
for arn in $(aws ecr describe-repositories --query 'repositories[].repositoryArn' --output text); do
  name=${arn#*:repository/}
  mkdir -p "$(dirname "lifecycle/$name")" "$(dirname "policy/$name")" "$(dirname "tags/$name")"
  aws ecr get-lifecycle-policy --repository-name "$name" > "lifecycle/$name.json" 2> errors.txt || true
  aws ecr get-repository-policy --repository-name "$name" > "policy/$name.json" 2> errors.txt || true
  aws ecr list-tags-for-resource --resource-arn "$arn" > "tags/$name.json"
done
aws ecr describe-registry > registry.json
aws ecr get-registry-policy > registry-policy.json 2> errors.txt || true
aws ecr get-registry-scanning-configuration > scanning.json
aws ecr describe-pull-through-cache-rules > cache-rules.json
aws ecr describe-repository-creation-templates > creation-templates.json
aws ecr get-signing-configuration > signing.json 2> errors.txt || true
aws ecr list-pull-time-update-exclusions > pull-time-update-exclusions.json
for name in BASIC_SCAN_TYPE_VERSION REGISTRY_POLICY_SCOPE BLOB_MOUNTING; do
  aws ecr get-account-setting --name "$name" > "$name.json"
done
mkdir -p public
aws ecr-public describe-repositories --region us-east-1 > public/repositories.json
aws ecr-public get-repository-catalog-data --region us-east-1 --repository-name tools > public/tools.json
