#!/usr/bin/env bash
# Makes or updates everything in the resource group; the outputs go to .local/<environment>.outputs.json.
# Usage: AZURE_RESOURCE_GROUP=… NXT_COMPANY_NO=… ALERT_EMAIL=… deploy-infra.sh <dev|prod>
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
environment=${1:?dev or prod}
# shellcheck source=infra/scripts/variables.sh
source infra/scripts/variables.sh
infra/scripts/check-runtime.sh "${AZURE_LOCATION:-norwayeast}"
az deployment group create \
  --resource-group "${AZURE_RESOURCE_GROUP:?}" \
  --name "crm-nxt-sync-$environment" \
  --parameters "infra/$environment.bicepparam" \
  --output none
infra/scripts/outputs.sh "$environment"
