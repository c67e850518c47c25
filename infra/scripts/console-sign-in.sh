#!/usr/bin/env bash
# Once per environment, by somebody who may register Entra applications: the application that guards the console. It has
# no secret; the function app's own identity proves it. Only people who are assigned to it can sign in.
# Usage: console-sign-in.sh <dev|prod> [object id of the operators' Entra group]
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
operators=${2:-}
base=$(infra/scripts/output.sh "$environment" baseUrl)
identity=$(infra/scripts/output.sh "$environment" identityPrincipalId)
tenant=$(az account show --query tenantId --output tsv)
name="crm-nxt-sync console ($environment)"

client=$(az ad app list --display-name "$name" --query '[0].appId' --output tsv)
if [[ -z $client ]]; then
  client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \
    --web-redirect-uris "$base/.auth/login/aad/callback" --enable-id-token-issuance true --query appId --output tsv)
  az ad app federated-credential create --id "$client" --parameters "$(printf \
    '{"name":"function-app","issuer":"https://login.microsoftonline.com/%s/v2.0","subject":"%s","audiences":["api://AzureADTokenExchange"]}' \
    "$tenant" "$identity")" --output none
  az ad sp create --id "$client" --output none
fi
service=$(az ad sp show --id "$client" --query id --output tsv)
az ad sp update --id "$client" --set appRoleAssignmentRequired=true
if [[ -n $operators ]]; then
  az rest --method post --url "https://graph.microsoft.com/v1.0/servicePrincipals/$service/appRoleAssignedTo" \
    --body "$(printf '{"principalId":"%s","resourceId":"%s","appRoleId":"00000000-0000-0000-0000-000000000000"}' \
      "$operators" "$service")" --output none
fi
echo "Set CONSOLE_CLIENT_ID to $client in the GitHub environment \"$environment\", and run the pipeline again."
