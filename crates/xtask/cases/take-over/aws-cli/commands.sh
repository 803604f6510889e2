# What somebody made with the AWS CLI.
aws ecr create-repository --repository-name shop/app --image-tag-mutability IMMUTABLE \
  --image-scanning-configuration scanOnPush=true --tags Key=team,Value=shop
aws ecr put-lifecycle-policy --repository-name shop/app --lifecycle-policy-text '{"rules": [{
  "rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 50},
  "action": {"type": "expire"}}]}'
aws ecr set-repository-policy --repository-name shop/app --policy-text '{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
  "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}]}'
aws ecr create-repository --repository-name shop/web --encryption-configuration encryptionType=KMS
aws ecr create-repository --repository-name base/alpine
aws ecr put-replication-configuration --replication-configuration '{"rules": [{
  "destinations": [{"region": "eu-central-1", "registryId": "111122223333"}],
  "repositoryFilters": [{"filter": "shop/", "filterType": "PREFIX_MATCH"}]}]}'
aws ecr put-registry-scanning-configuration --scan-type ENHANCED --rules '[{"scanFrequency": "CONTINUOUS_SCAN",
  "repositoryFilters": [{"filter": "shop/*", "filterType": "WILDCARD"}]}]'
aws ecr create-pull-through-cache-rule --ecr-repository-prefix ecr-public --upstream-registry-url public.ecr.aws
aws iam create-role --role-name scanner --assume-role-policy-document '{"Version": "2012-10-17", "Statement": []}'
aws ecr register-pull-time-update-exclusion --principal-arn arn:aws:iam::111122223333:role/scanner
aws ecr-public create-repository --repository-name tools --region us-east-1
