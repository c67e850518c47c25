#!/usr/bin/env bash
# Once per environment, by somebody who may register Entra applications: the application that guards the console, with two
# roles, reader and operator. It has no secret; the function app's own identity proves it. Only people who are assigned
# to it can sign in. Running it again repairs what differs.
# Usage: console-sign-in.sh <dev|prod> [object id of the operators' Entra group] [object id of the readers' group]
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
operators=${2:-}
readers=${3:-}
# Ids of the roles within the application; they may never change.
operator_role=5f0d3a52-6f0b-4c63-9d0e-7b8f6f1f2a01
reader_role=5f0d3a52-6f0b-4c63-9d0e-7b8f6f1f2a02
scope=5f0d3a52-6f0b-4c63-9d0e-7b8f6f1f2a03
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46
base=$(infra/scripts/output.sh "$environment" baseUrl)
identity=$(infra/scripts/output.sh "$environment" identityPrincipalId)
tenant=$(az account show --query tenantId --output tsv)
name="crm-nxt-sync console ($environment)"
redirect=$base/.auth/login/aad/callback

client=$(az ad app list --filter "displayName eq '$name'" --query '[].appId' --output tsv)
if [[ $client == *$'\n'* ]]; then
  echo "There are several applications named \"$name\": delete all but one." >&2
  exit 1
fi
if [[ -z $client ]]; then
  client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv)
fi

role() {
  printf '{"id":"%s","value":"%s","displayName":"%s","description":"%s","isEnabled":true,"allowedMemberTypes":["User"]}' "$@"
}
operator=$(role "$operator_role" operator Operator 'Sees everything and may act')
reader=$(role "$reader_role" reader Reader 'Sees everything')
az ad app update --id "$client" --web-redirect-uris "$redirect" --enable-id-token-issuance true \
  --app-roles "[$operator,$reader]" --output none

# The command line signs in with `az`: the Azure CLI may ask for a token of its user for this application. In two steps,
# because a client can be trusted with a scope only when that is there.
change() {
  az rest --method patch --url "https://graph.microsoft.com/v1.0/applications(appId='$client')" --body "$1" --output none
}
change "$(printf '{"identifierUris":["api://%s"],"api":{"requestedAccessTokenVersion":2,"oauth2PermissionScopes":[{"id":"%s","value":"console","type":"User","isEnabled":true,"adminConsentDisplayName":"Use the console","adminConsentDescription":"Use the console as the signed-in user"}]}}' "$client" "$scope")"
change "$(printf '{"api":{"preAuthorizedApplications":[{"appId":"%s","delegatedPermissionIds":["%s"]}]}}' "$azure_cli" "$scope")"

credential=$(printf \
  '{"name":"function-app","issuer":"https://login.microsoftonline.com/%s/v2.0","subject":"%s","audiences":["api://AzureADTokenExchange"]}' \
  "$tenant" "$identity")
trusted=$(az ad app federated-credential list --id "$client" --query "[?name=='function-app'] | [0].subject" --output tsv)
if [[ -z $trusted ]]; then
  az ad app federated-credential create --id "$client" --parameters "$credential" --output none
elif [[ $trusted != "$identity" ]]; then
  # The identity was made anew.
  az ad app federated-credential update --id "$client" --federated-credential-id function-app \
    --parameters "$credential" --output none
fi

service=$(az ad sp list --filter "appId eq '$client'" --query '[0].id' --output tsv)
if [[ -z $service ]]; then service=$(az ad sp create --id "$client" --query id --output tsv); fi
az ad sp update --id "$service" --set appRoleAssignmentRequired=true

# Lets the members of a group in, with a role; once.
let_in() {
  local group=$1 role=$2 url given
  url=https://graph.microsoft.com/v1.0/servicePrincipals/$service/appRoleAssignedTo
  given=$(az rest --method get --url "$url" --query "value[?principalId=='$group' && appRoleId=='$role'] | [0].id" --output tsv)
  if [[ -z $given ]]; then
    az rest --method post --url "$url" \
      --body "$(printf '{"principalId":"%s","resourceId":"%s","appRoleId":"%s"}' "$group" "$service" "$role")" --output none
  fi
}
if [[ -n $operators ]]; then let_in "$operators" "$operator_role"; fi
if [[ -n $readers ]]; then let_in "$readers" "$reader_role"; fi
echo "Set CONSOLE_CLIENT_ID to $client for $environment (docs/setup.md, \"Console sign-in\"), and deploy again."
