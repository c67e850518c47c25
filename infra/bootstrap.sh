#!/usr/bin/env bash
# Once, by an Owner of the subscription: the resource group, and identities for the pipeline with no more rights than
# each step needs. It stores no credential anywhere: GitHub proves itself with a token of the run (OpenID Connect).
# Running it again brings what is there to what it would be: subjects, roles, the condition.
#
# Usage: bootstrap.sh <dev|prod> <github owner/repository> [object id of the operators' Entra group]
# Settings: AZURE_LOCATION (norwayeast), AZURE_RESOURCE_GROUP (rg-crmnxt-<environment>),
#           GITHUB_SUBJECT_PREFIX (asked of GitHub with gh; see docs/setup.md, step 3)
set -euo pipefail
# Without it an error inside $(…) would go unseen.
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
environment=${1:?dev or prod}
repository=${2:?owner/repository}
operators=${3:-}
[[ $environment == dev || $environment == prod ]] || {
  echo "the environment is dev or prod, not $environment" >&2
  exit 2
}
location=${AZURE_LOCATION:-norwayeast}
group=${AZURE_RESOURCE_GROUP:-rg-crmnxt-$environment}
# The pipeline's identities stand apart, so that removing the sync does not remove who may deploy it.
pipeline_group=rg-crmnxt-pipeline
subscription=$(az account show --query id --output tsv)
scope=/subscriptions/$subscription/resourceGroups/$group

say() { printf '\n%s\n' "$*"; }

# What the subject of a run's token begins with. Repositories made or renamed since the summer of 2026 have the numbers of
# owner and repository in it (repo:owner@1/name@2), and an organisation may have a form of its own: GitHub says which.
subject_prefix() {
  local answer prefix
  if [[ -n ${GITHUB_SUBJECT_PREFIX:-} ]]; then
    echo "$GITHUB_SUBJECT_PREFIX"
    return
  fi
  answer=$(gh api "repos/$repository/actions/oidc/customization/sub" \
    --jq '[.use_default, .sub_claim_prefix // ""] | map(tostring) | join(" ")')
  if [[ $answer != 'true '* ]]; then
    echo "$repository uses a form of its own for subjects: set GITHUB_SUBJECT_PREFIX to what comes before :environment:…" >&2
    return 1
  fi
  prefix=${answer#true }
  # An older GitHub (Enterprise Server) knows no such form, and says nothing.
  echo "${prefix:-repo:$repository}"
}

# An identity that a run of the repository with this subject may use. Prints its object id.
identity() {
  local name=$1 subject=$2 trusted verb
  az identity create --resource-group "$pipeline_group" --name "$name" --location "$location" --output none
  trusted=$(az identity federated-credential list --resource-group "$pipeline_group" --identity-name "$name" \
    --query "[?name=='github'] | [0].subject" --output tsv)
  if [[ $trusted != "$subject" ]]; then
    verb=create
    [[ -z $trusted ]] || verb=update
    az identity federated-credential "$verb" --resource-group "$pipeline_group" --identity-name "$name" \
      --name github --issuer https://token.actions.githubusercontent.com --subject "$subject" \
      --audiences api://AzureADTokenExchange --output none
  fi
  az identity show --resource-group "$pipeline_group" --name "$name" --query principalId --output tsv
}

# A role of our own for this resource group alone, with the actions of the file. Prints its name.
custom_role() {
  local file=$1 name existing definition verb
  name=$(role_name "$file")
  existing=$(az role definition list --name "$name" --scope "$scope" --custom-role-only true --query '[0].id' --output tsv)
  # An update is told by the role's resource id and by roleName; a creation by name.
  definition=$(node -e '
    const [file, name, scope, id] = process.argv.slice(1);
    const role = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    const known = id === "" ? {} : { Id: id, RoleName: name };
    console.log(JSON.stringify({ ...role, ...known, Name: name, AssignableScopes: [scope] }));
  ' "$file" "$name" "$scope" "$existing")
  verb=create
  [[ -z $existing ]] || verb=update
  az role definition "$verb" --role-definition "$definition" --output none
  echo "$name"
}

# Role names are unique in the whole directory, so each resource group has its own.
role_name() {
  local name
  name=$(sed -n 's/^  "Name": "\(.*\)",$/\1/p' "$1")
  echo "${name:?no name in $1}, $group"
}

# A new role or identity is not known everywhere at once; any other refusal ends it.
assign() {
  local refusal
  for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
    if refusal=$(az role assignment create --scope "$scope" --output none "$@" 2>&1); then return; fi
    if [[ ! $refusal =~ PrincipalNotFound|"does not exist in the directory"|"doesn't exist"|RoleDefinitionDoesNotExist ]]; then
      break
    fi
    echo "not yet known everywhere ($try of 12)" >&2
    sleep "${BOOTSTRAP_PAUSE:-10}"
  done
  echo "$refusal" >&2
  return 1
}

# Gives a role under a condition; an assignment that is there gets the condition of today.
assign_under_condition() {
  local principal=$1 role=$2 condition=$3 existing updated
  existing=$(az role assignment list --scope "$scope" --fill-principal-name false \
    --query "[?principalId=='$principal' && roleDefinitionName=='$role'] | [0]" --output json)
  if [[ -z $existing || $existing == null ]]; then
    assign --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
      --role "$role" --condition "$condition" --condition-version 2.0
    return
  fi
  updated=$(node -e '
    const [assignment, condition] = process.argv.slice(1);
    console.log(JSON.stringify({ ...JSON.parse(assignment), condition, conditionVersion: "2.0" }));
  ' "$existing" "$condition")
  az role assignment update --role-assignment "$updated" --output none
}

client() { az identity show --resource-group "$pipeline_group" --name "$1" --query clientId --output tsv; }

prefix=$(subject_prefix)

say "1. Resource providers of $subscription"
for provider in App Authorization Consumption Insights KeyVault ManagedIdentity Network OperationalInsights Storage Web; do
  az provider register --namespace "Microsoft.$provider" --output none
done

say "2. Resource groups $group and $pipeline_group"
az group create --name "$group" --location "$location" --output none
az group create --name "$pipeline_group" --location "$location" --output none

say "3. Identity that deploys to $environment, from the GitHub environment of that name only"
deploy=$(identity "id-crmnxt-deploy-$environment" "$prefix:environment:$environment")
role=$(custom_role infra/roles/deploy.json)
assign --assignee-object-id "$deploy" --assignee-principal-type ServicePrincipal --role "$role"

excluded=$deploy
plan_role=$(role_name infra/roles/plan.json)
if [[ $environment == dev ]]; then
  say '4. Identity for pull requests: reads dev, asks what-if'
  plan=$(identity id-crmnxt-plan "$prefix:pull_request")
  role=$(custom_role infra/roles/plan.json)
  assign --assignee-object-id "$plan" --assignee-principal-type ServicePrincipal --role "$role"
  excluded="$deploy, $plan"
else
  say '4. Pull requests get nothing in prod'
  stale=$(az role assignment list --scope "$scope" --fill-principal-name false \
    --query "[?roleDefinitionName=='$plan_role' || roleDefinitionName=='crm-nxt-sync what-if'].id" --output tsv)
  for id in $stale; do az role assignment delete --ids "$id" --output none; done
fi

say "5. The deployer may give the five roles of infra/modules/access.bicep to services, and not to itself"
roles=$(grep -oE "'[0-9a-f]{8}-[0-9a-f-]{27}'" infra/modules/access.bicep | tr -d "'" | paste -sd, -)
field='Microsoft.Authorization/roleAssignments'
condition="((!(ActionMatches{'$field/write'})) OR (@Request[$field:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$roles} AND @Request[$field:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'} AND @Request[$field:PrincipalId] ForAnyOfAllValues:GuidNotEquals {$excluded})) AND ((!(ActionMatches{'$field/delete'})) OR (@Resource[$field:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$roles} AND @Resource[$field:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))"
assign_under_condition "$deploy" 'Role Based Access Control Administrator' "$condition"

if [[ -n $operators ]]; then
  say '6. Operators: put secrets, replay failures, read logs'
  for role in 'Key Vault Secrets Officer' 'Storage Queue Data Contributor' 'Storage Table Data Contributor' 'Monitoring Reader'; do
    assign --assignee-object-id "$operators" --assignee-principal-type Group --role "$role"
  done
fi

tenant=$(az account show --query tenantId --output tsv)
deployer=$(client "id-crmnxt-deploy-$environment")
say 'Set in GitHub (none of it is a secret):'
if [[ $environment == dev ]]; then
  planner=$(client id-crmnxt-plan)
  # Variables of the repository: what-if, which runs in no environment, sees them too.
  for_environment=''
  echo "gh variable set AZURE_PLAN_CLIENT_ID --repo $repository --body $planner"
else
  for_environment=' --env prod'
fi
cat <<TEXT
gh variable set AZURE_TENANT_ID --repo $repository --body $tenant
gh variable set AZURE_SUBSCRIPTION_ID --repo $repository$for_environment --body $subscription
gh variable set AZURE_DEPLOY_CLIENT_ID --repo $repository --env $environment --body $deployer
gh variable set AZURE_RESOURCE_GROUP --repo $repository$for_environment --body $group
gh variable set AZURE_LOCATION --repo $repository$for_environment --body $location
gh variable set NXT_COMPANY_NO --repo $repository$for_environment --body '<Visma.net company number>'
gh variable set ALERT_EMAIL --repo $repository$for_environment --body '<who is told>'
TEXT
