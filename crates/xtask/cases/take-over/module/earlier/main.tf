# The addresses are those of terraform-aws-modules/ecr: its resources are called `this`, with `count`.

provider "aws" {
  region     = "eu-west-1"
  access_key = "111122223333"
  secret_key = "emulated"
}

module "repository" {
  source   = "./repository"
  for_each = toset(["shop/app", "shop/web", "shop/api"])
  name     = each.key
}

module "base" {
  source = "./repository"
  name   = "base/alpine"
  cache  = { ecr-public = "public.ecr.aws" }
}
