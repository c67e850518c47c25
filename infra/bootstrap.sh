#!/usr/bin/env bash
# Once, by an Owner of the subscription: the resource group, and identities for the pipeline with no more rights than
# each step needs. It stores no credential anywhere: GitHub proves itself with a token of the run (OpenID Connect).
# Running it again changes nothing that is already right.
#
# Usage: bootstrap.sh <dev|prod> <github owner/repository> [object id of the operators' Entra group]
# Settings: AZURE_LOCATION (norwayeast), AZURE_RESOURCE_GROUP (rg-crmnxt-<environment>)
set -euo pipefail
cd "$(dirname "$0")/.."
environment=${1:?dev or prod}
repository=${2:?owner/repository}
operators=${3:-}
location=${AZURE_LOCATION:-norwayeast}
group=${AZURE_RESOURCE_GROUP:-rg-crmnxt-$environment}
# The pipeline's identities stand apart, so that removing the sync does not remove who may deploy it.
pipeline_group=rg-crmnxt-pipeline
subscription=$(az account show --query id --output tsv)
scope=/subscriptions/$subscription/resourceGroups/$group

say() { printf '\n%s\n' "$*"; }

say "1. Resource providers of $subscription"
for provider in App Authorization Consumption Insights KeyVault ManagedIdentity Network OperationalInsights Storage Web; do
  az provider register --namespace "Microsoft.$provider" --output none
done

say "2. Resource groups $group and $pipeline_group"
az group create --name "$group" --location "$location" --output none
az group create --name "$pipeline_group" --location "$location" --output none

# An identity that a run of the repository with this subject may use. Prints its object id; its client id in $client.
identity() {
  local name=$1 subject=$2
  az identity create --resource-group "$pipeline_group" --name "$name" --location "$location" --output none
  az identity federated-credential create --resource-group "$pipeline_group" --identity-name "$name" \
    --name github --issuer https://token.actions.githubusercontent.com --subject "$subject" \
    --audiences api://AzureADTokenExchange --output none
  az identity show --resource-group "$pipeline_group" --name "$name" --query principalId --output tsv
}

# A role of our own, at this resource group. An existing one gets this group added and its actions brought up to date.
custom_role() {
  local file=$1 name definition existing
  name=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).Name' "$file")
  existing=$(az role definition list --name "$name" --custom-role-only true --output json)
  definition=$(node -e '
    const [file, scope, existing] = process.argv.slice(1);
    const role = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    const [old] = JSON.parse(existing);
    const scopes = new Set([...(old?.assignableScopes ?? []), scope]);
    console.log(JSON.stringify({ ...role, ...(old && { Id: old.name }), AssignableScopes: [...scopes] }));
  ' "$file" "$scope" "$existing")
  if [[ $existing == '[]' ]]; then
    az role definition create --role-definition "$definition" --output none
  else
    az role definition update --role-definition "$definition" --output none
  fi
  echo "$name"
}

# A new role or identity is not known everywhere at once.
assign() {
  for try in 1 2 3 4 5 6; do
    if az role assignment create --scope "$scope" --output none "$@"; then return; fi
    echo "not yet ($try of 6)" >&2
    sleep 10
  done
  return 1
}

say '3. Identity for pull requests: reads, asks what-if'
plan=$(identity id-crmnxt-plan "repo:$repository:pull_request")
assign --assignee-object-id "$plan" --assignee-principal-type ServicePrincipal --role "$(custom_role infra/roles/plan.json)"

say "4. Identity that deploys to $environment, from the GitHub environment of that name only"
deploy=$(identity "id-crmnxt-deploy-$environment" "repo:$repository:environment:$environment")
assign --assignee-object-id "$deploy" --assignee-principal-type ServicePrincipal --role "$(custom_role infra/roles/deploy.json)"

say "5. It may give the five roles of infra/modules/access.bicep to services, and not to itself"
roles=$(grep -oE "'[0-9a-f]{8}-[0-9a-f-]{27}'" infra/modules/access.bicep | tr -d "'" | paste -sd, -)
field='Microsoft.Authorization/roleAssignments'
condition="((!(ActionMatches{'$field/write'})) OR (@Request[$field:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$roles} AND @Request[$field:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'} AND @Request[$field:PrincipalId] ForAnyOfAllValues:GuidNotEquals {$deploy, $plan})) AND ((!(ActionMatches{'$field/delete'})) OR (@Resource[$field:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$roles} AND @Resource[$field:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))"
assign --assignee-object-id "$deploy" --assignee-principal-type ServicePrincipal \
  --role 'Role Based Access Control Administrator' --condition "$condition" --condition-version 2.0

if [[ -n $operators ]]; then
  say '6. Operators: put secrets, replay failures, read logs'
  for role in 'Key Vault Secrets Officer' 'Storage Queue Data Contributor' 'Storage Table Data Contributor' 'Monitoring Reader'; do
    assign --assignee-object-id "$operators" --assignee-principal-type Group --role "$role"
  done
fi

client() { az identity show --resource-group "$pipeline_group" --name "$1" --query clientId --output tsv; }
say 'Set in GitHub (none of it is a secret):'
cat <<TEXT
repository variables
  AZURE_TENANT_ID        $(az account show --query tenantId --output tsv)
  AZURE_SUBSCRIPTION_ID  $subscription
  AZURE_PLAN_CLIENT_ID   $(client id-crmnxt-plan)
environment "$environment" (Settings, Environments)
  AZURE_DEPLOY_CLIENT_ID $(client "id-crmnxt-deploy-$environment")
  AZURE_RESOURCE_GROUP   $group
  AZURE_LOCATION         $location
  NXT_COMPANY_NO, ALERT_EMAIL and what else docs/setup.md lists
TEXT
